import { assertEquals, assertMatch } from "@std/assert";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry } from "../reliability/carry_process.ts";

const ALL = { permissions: ["-A"] };

/** A test with a run that was trained on pairs, of which `a0` has two answers. */
function test(name: string, body: (folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const pairs = Array.from({ length: 60 }, (_, i) => `a${i}\tb${i % 7}`);
        await Deno.writeTextFile(`${folder}/train.tsv`, [...pairs, "a0\tb5", "a0\tb5"].join("\n"));
        await Deno.writeTextFile(`${folder}/dev.tsv`, "a0\tb5\na99\tb1\n");
        const { code, stderr } = await runCarry([
          ...["train", `--data=${folder}/train.tsv`, `--validation=${folder}/dev.tsv`],
          ...["--decoder=repeat", "--hidden-size=8", "--epochs=1", "--backend=cpu"],
          `--run=${folder}/run`,
        ], ALL);
        assertEquals(code, 0, stderr);
        await body(folder);
      }),
  });
}

function predict(folder: string, ...args: readonly string[]): Promise<Ending> {
  return runCarry(["predict", ...args, "--json", `--run=${folder}/run`], ALL);
}

test("predict --memory gives the most frequent answer of the training where a question was seen", async (folder) => {
  const alone = (await predict(folder, "a0", "a99")).lines.map((line) => JSON.parse(line));
  const { code, lines, stderr } = await predict(folder, "a0", "a99", "--memory");
  assertEquals(code, 0, stderr);
  const [seen, other] = lines.map((line) => JSON.parse(line));
  assertEquals(seen, { question: "a0", answer: "b5", probability: 2 / 3, remembered: true });
  assertEquals(other, { ...alone[1], remembered: false });
});

test("predict --memory says which file it misses, or that it has changed", async (folder) => {
  await Deno.writeTextFile(`${folder}/train.tsv`, "a0\tb1\n");
  const changed = await predict(folder, "a0", "--memory");
  assertEquals(changed.code, 1);
  assertMatch(changed.stderr, /it must be the file that was measured.*--memory needs the pairs/s);
  await Deno.remove(`${folder}/train.tsv`);
  const missing = await predict(folder, "a0", "--memory");
  assertMatch(missing.stderr, /train\.tsv": there is no such file.*--memory needs the pairs/s);
});

Deno.test({
  name: "--memory is refused for a run that was trained on fresh questions",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const run = `--run=${folder}/run`;
      const train = ["train", "--digits=1", "--hidden-size=8", "--epochs=1", "--examples=stream"];
      assertEquals((await runCarry([...train, "--backend=cpu", run])).code, 0);
      const { code, stderr } = await runCarry(["predict", "1+2", "--memory", run]);
      assertEquals(code, 2);
      assertMatch(stderr, /trained on fresh questions in every epoch/);
    }),
});
