import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { findLibrary } from "../../src/cli/notebook_library.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { canRun, canUseFiles } from "../permissions.ts";
import { inFolder, runCarry } from "../reliability/carry_process.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** A folder within the project, as a notebook needs it. */
async function inProject(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: `${ROOT}tests/notebook`, prefix: "carry-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "notebook writes a file that imports the library by name, and replaces none unless told to",
  ignore: !canRun,
  fn: () =>
    inProject(async (folder) => {
      const file = `${folder}/a.ipynb`;
      const permissions = [`--allow-read=${ROOT}`, `--allow-write=${folder}`];
      const written = await runCarry(["notebook", file], { permissions });
      assertEquals([written.code, written.lines[0]], [0, file], written.stderr);
      const text = await Deno.readTextFile(file);
      assertStringIncludes(text, 'from \\"@carry/seq2seq\\"');
      const again = await runCarry(["notebook", file], { permissions });
      assertEquals(again.code, 2);
      assertMatch(again.stderr, /a\.ipynb": it already exists; add --overwrite to replace it/);
      const replaced = await runCarry(["notebook", file, "--overwrite"], { permissions });
      assertEquals([replaced.code, await Deno.readTextFile(file)], [0, text], replaced.stderr);
    }),
});

Deno.test({
  name: "notebook refuses other names, several names, and a place where the library is not found",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const permissions = [`--allow-read=${ROOT},${folder}`, `--allow-write=${folder}`];
      const wrong: [string[], RegExp][] = [
        [["a.txt"], /Cannot write a notebook to "a\.txt": its name must end in \.ipynb/],
        [["a.ipynb", "b.ipynb"], /one file may be named, but 2 are named/],
        [[`${folder}/a.ipynb`], /imports the library by name, so it must be in ".*" or below it/],
      ];
      for (const [args, message] of wrong) {
        const { code, stderr } = await runCarry(["notebook", ...args], { permissions });
        assertEquals(code, 2, stderr);
        assertMatch(stderr, message);
      }
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    }),
});

Deno.test("the notebook of the published package imports its version", async () => {
  const script = new URL("https://jsr.io/@carry/seq2seq/0.1.0/cli.ts");
  assertMatch(await findLibrary("a.ipynb", script), /^jsr:@carry\/seq2seq@\d+\.\d+\.\d+$/);
  const other = new URL("https://example.org/cli.ts");
  await assertRejects(
    () => findLibrary("a.ipynb", other),
    UsageError,
    "https://example.org/cli.ts",
  );
});

Deno.test({
  name: "a clone that is reached by a link counts as the same directory",
  ignore: !canUseFiles,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/clone/notes`, { recursive: true });
      await Deno.symlink(`${folder}/clone`, `${folder}/link`);
      const script = new URL(`file://${folder}/link/cli.ts`);
      assertEquals(await findLibrary(`${folder}/clone/notes/a.ipynb`, script), "@carry/seq2seq");
      await assertRejects(() => findLibrary(`${folder}/a.ipynb`, script), UsageError, "below it");
    }),
});
