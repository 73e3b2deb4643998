import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry, TINY_ARGUMENTS } from "../reliability/carry_process.ts";

/** What a test does in a folder with a run of sums of one digit. */
type Work = (run: string, folder: string, carry: Carry) => Promise<void>;

/** Runs a command that may use the folder of the test, and nothing else. */
type Carry = (...args: string[]) => Promise<Ending>;

/** Trains for two epochs, and tests what leaves and comes in. */
function testWithRun(name: string, work: Work, options: readonly string[] = []): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
        const carry: Carry = (...args) => runCarry(args, { permissions });
        const run = `${folder}/run`;
        const trained = await carry(
          ...["train", ...TINY_ARGUMENTS, ...options, "--epochs=2", `--run=${run}`],
        );
        assertEquals(trained.code, 0, trained.stderr);
        await work(run, folder, carry);
      }),
  });
}

const QUESTIONS = ["1+1", "2+7", "9+9", "3+0"];

async function answer(carry: Carry, run: string): Promise<readonly string[]> {
  const { code, lines, stderr } = await carry("predict", ...QUESTIONS, `--run=${run}`, "--json");
  assertEquals(code, 0, stderr);
  return lines;
}

testWithRun(
  "a model leaves and comes in again as a run that answers the same and trains on",
  async (run, folder, carry) => {
    const answers = await answer(carry, run);
    const formats: [string, string][] = [
      ["keras", `${folder}/a.keras`],
      ["weights", `${folder}/a.weights.h5`],
      ["tfjs", `${folder}/a`],
    ];
    for (const [format, file] of formats) {
      const exported = await carry("export", "--to", format, file, `--run=${run}`);
      assertEquals([exported.code, exported.lines], [0, [file]], exported.stderr);
      assertStringIncludes(exported.stderr, `export --to ${format} ${file} --example `);
      const back = `${folder}/${format}-run`;
      const imported = await carry("import", file, `--run=${back}`);
      assertEquals([imported.code, imported.lines], [0, [back]], imported.stderr);
      assertMatch(
        imported.stderr,
        /^Imported from .*: 1,\d+ parameters, without an optimiser's state$/m,
      );
      assertEquals(await answer(carry, back), answers, format);
      const resumed = await carry("train", "--resume", "--epochs=1", `--run=${back}`);
      assertEquals(resumed.code, 0, resumed.stderr);
    }
  },
);

testWithRun(
  "with its optimiser's state a model trains on where it was, and can be told not to",
  async (run, folder, carry) => {
    const file = `${folder}/a.keras`;
    assertEquals(
      (await carry("export", "--to=keras", file, `--run=${run}`, "--optimizer")).code,
      0,
    );
    const imported = await carry("import", file, `--run=${folder}/with`);
    assertMatch(imported.stderr, /, after \d+ steps of its optimiser$/m);
    const without = await carry("import", file, `--run=${folder}/without`, "--no-optimizer");
    assertMatch(without.stderr, /, without an optimiser's state$/m);
    const like = await carry("import", file, `--run=${folder}/like`, `--like=${run}`);
    assertEquals(like.code, 0, like.stderr);
    const others: [string[], RegExp][] = [
      [
        ["--digits=2"],
        /the file says that length of its sources is 3, but 5 is given; leave it out/,
      ],
      [
        ["--digits=1", "--no-reverse"],
        /the file says that reverse of its sources is true, but false is given/,
      ],
      [["--problem=subtraction", "--digits=1"], /its problem is "addition", but "subtraction" is/],
    ];
    for (const [options, reason] of others) {
      const other = await carry("import", file, `--run=${folder}/other`, ...options);
      assertEquals(other.code, 1);
      assertMatch(other.stderr, reason);
    }
    assertEquals(await namesIn(`${folder}/other`), undefined);
  },
);

testWithRun(
  "export and import replace nothing unless they are told to, and nothing else then",
  async (run, folder, carry) => {
    const tfjs = `${folder}/a`;
    const exportIt = (...more: string[]): Promise<Ending> =>
      carry("export", "--to=tfjs", tfjs, `--run=${run}`, ...more);
    assertEquals((await exportIt()).code, 0);
    const refused = await exportIt();
    assertEquals(refused.code, 2);
    assertMatch(refused.stderr, /a": it already holds files; add --overwrite to replace it$/m);
    assertEquals((await exportIt("--overwrite")).code, 0);
    await Deno.writeTextFile(`${tfjs}/notes.txt`, "mine");
    const kept = await exportIt("--overwrite");
    assertEquals(kept.code, 2);
    assertMatch(
      kept.stderr,
      /it must hold nothing but an export to be replaced, but holds "notes\.txt"$/m,
    );
    assertEquals(await namesIn(tfjs), ["group1-shard1of1.bin", "model.json", "notes.txt"]);
    await Deno.remove(`${tfjs}/notes.txt`);
    await Deno.mkdir(`${tfjs}/more.bin`);
    assertEquals((await exportIt("--overwrite")).code, 2, "a folder is no file of an export");
    await Deno.remove(`${tfjs}/more.bin`);
    const link = `${folder}/link`;
    await Deno.symlink(tfjs, link);
    const followed = await carry("export", "--to=tfjs", link, `--run=${run}`, "--overwrite");
    assertEquals(followed.code, 0, followed.stderr);
    assertEquals((await Deno.lstat(link)).isSymlink, true);
    const unnamed = await carry("export", "--to=tfjs", `${folder}/.`, `--run=${run}`);
    assertEquals(unnamed.code, 2);
    assertMatch(unnamed.stderr, /the folder must be named/);
    const before = await answer(carry, run);
    const taken = await carry("import", tfjs, `--run=${run}`);
    assertEquals(taken.code, 2);
    assertMatch(taken.stderr, /it already contains a run; add --overwrite to replace it$/m);
    assertEquals((await carry("import", tfjs, `--run=${run}`, "--overwrite")).code, 0);
    assertEquals(await answer(carry, run), before);
    assertEquals((await namesIn(folder))?.filter((name) => name.endsWith(".tmp")), []);
  },
);

testWithRun(
  "what is no model is refused with the reason, and makes no run",
  async (_run, folder, carry) => {
    await Deno.writeTextFile(`${folder}/text.keras`, "no model at all");
    await Deno.mkdir(`${folder}/empty`);
    await Deno.mkdir(`${folder}/linked`);
    await Deno.symlink("/etc/passwd", `${folder}/linked/model.json`);
    const wrong: [string, RegExp][] = [
      [`${folder}/text.keras`, /^Cannot import .*must be/m],
      [`${folder}/none.keras`, /^Cannot import ".*none\.keras": no such file or directory$/m],
      [`${folder}/empty`, /^Cannot import ".*empty": it must hold model\.json/m],
      ["/dev/null", /^Cannot/m],
      [`${folder}/linked`, /linked\/model\.json": it must be a file, but is a link$/m],
    ];
    for (const [file, reason] of wrong) {
      const { code, stderr } = await carry("import", file, `--run=${folder}/new`);
      assertEquals(code, 1, file);
      assertMatch(stderr, reason);
      assertEquals(await namesIn(`${folder}/new`), undefined);
    }
  },
);

testWithRun(
  "a model with attention leaves in four formats, and no folder is made for TensorFlow.js",
  async (run, folder, carry) => {
    const formats: [string, string][] = [
      ["keras", "a.keras"],
      ["weights", "a.weights.h5"],
      ["onnx", "a.onnx"],
      ["safetensors", "a.safetensors"],
    ];
    for (const [format, name] of formats) {
      const to = ["--to", format, `${folder}/${name}`];
      const { code, stderr } = await carry("export", ...to, `--run=${run}`);
      assertEquals(code, 0, stderr);
    }
    const { code, stderr } = await carry("export", "--to=tfjs", `${folder}/b`, `--run=${run}`);
    assertEquals(code, 1);
    assertMatch(stderr, /^Cannot export .*attention.*ONNX/m);
    assertEquals((await namesIn(folder))?.includes("b"), false);
    const back = await carry("import", `${folder}/a.keras`, `--run=${folder}/back`);
    assertEquals(back.code, 1);
    assertMatch(back.stderr, /^Cannot import /m);
    assertEquals(await namesIn(`${folder}/back`), undefined);
  },
  ["--decoder=attention"],
);

Deno.test({
  name: "export --example prints a program for each place where a format can be used",
  ignore: !canRun,
  async fn(): Promise<void> {
    const places: [string, string, readonly string[]][] = [
      ["keras", "models/a.keras", ["python"]],
      ["weights", "models/a.weights.h5", ["python"]],
      ["tfjs", "models/a", ["node", "browser"]],
      ["onnx", "models/a.onnx", ["python", "node", "browser"]],
      ["safetensors", "models/a.safetensors", ["python", "node"]],
    ];
    for (const [format, file, languages] of places) {
      for (const language of languages) {
        const { code, lines, stderr } = await runCarry([
          "export",
          "--to",
          format,
          file,
          "--example",
          language,
        ]);
        assertEquals([code, stderr], [0, ""]);
        const named = language === "browser" ? file.replace("models/", '"') : `"${file}"`;
        assertStringIncludes(lines.join("\n"), named);
      }
    }
  },
});

async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
