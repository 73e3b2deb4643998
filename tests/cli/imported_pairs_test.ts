import { assertEquals, assertMatch } from "@std/assert";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { isPairs } from "../../src/problem/pairs/settings.ts";
import { fit } from "../../src/training/fit.ts";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry } from "../reliability/carry_process.ts";

const PAIRS = Array.from({ length: 40 }, (_, i) => ({ question: `${i}`, answer: `${i + 1}` }));
const TINY = [
  ...["--decoder=repeat", "--hidden-size=8", "--batch-size=8", "--backend=cpu", "--samples=0"],
  "--epochs=1",
];
const NEEDS =
  /^Cannot resume: the run names no file of pairs, because a program gave them or it was imported; add --data FILE with pairs to learn from$/m;

/** Runs a command that may use the folder of the test, and nothing else. */
type Carry = (...args: string[]) => Promise<Ending>;

/** Tests with a folder that has a file of pairs. */
function test(name: string, fn: (folder: string, carry: Carry) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
        const text = PAIRS.map(({ question, answer }) => `${question}\t${answer}\n`).join("");
        await Deno.writeTextFile(`${folder}/pairs.tsv`, text);
        await fn(folder, (...args) => runCarry(args, { permissions }));
      }),
  });
}

test(
  "a run of pairs that leaves and comes in is resumed with the file that is named, divided as before",
  async (folder, carry) => {
    const [data, run, file, back] = [`${folder}/pairs.tsv`, `${folder}/run`, `${folder}/a.keras`]
      .concat(`${folder}/back`) as [string, string, string, string];
    const trained = await carry("train", `--data=${data}`, `--run=${run}`, ...TINY);
    assertEquals(trained.code, 0, trained.stderr);
    const exported = await carry("export", "--to=keras", file, `--run=${run}`, "--optimizer");
    assertEquals(exported.code, 0, exported.stderr);
    const imported = await carry("import", file, `--run=${back}`);
    assertMatch(imported.stderr, /train --resume --run \S+ --data FILE$/m);
    const refused = await carry("train", "--resume", `--run=${back}`);
    assertEquals(refused.code, 2);
    assertMatch(refused.stderr, NEEDS);
    const evaluated = await carry("evaluate", `--run=${back}`);
    assertMatch(evaluated.stderr, /it was imported; name a file of pairs with --data$/m);
    const options = ["--resume", `--run=${back}`, "--epochs=2", "--backend=cpu", "--json"];
    const resumed = await carry("train", ...options, `--data=${data}`);
    assertEquals(resumed.code, 0, resumed.stderr);
    const [first, second] = [await readRun(run), await readRun(back)];
    assertEquals(second.checkpoint.problem, first.checkpoint.problem);
    const again = await carry("train", ...options.with(2, "--epochs=3"));
    assertEquals(again.code, 0, again.stderr); // now it names its file
  },
);

test(
  "a run of fit() says that it needs a file of pairs, and goes on with one, imported or not",
  async (folder, carry) => {
    using fitted = await fit(PAIRS, { epochs: 1, hiddenSize: 8, batchSize: 8, decoder: "repeat" });
    const { problem, training } = fitted;
    const checkpoint = await takeCheckpoint(training, problem);
    const run = `${folder}/run`;
    await Deno.mkdir(run);
    await Deno.writeFile(`${run}/latest.safetensors`, await encodeCheckpoint(checkpoint));
    const file = `${folder}/a.keras`;
    assertEquals((await carry("export", "--to=keras", file, `--run=${run}`)).code, 0);
    assertEquals((await carry("import", file, `--run=${folder}/back`)).code, 0);
    for (const name of ["run", "back"]) {
      const resume = [
        "train",
        "--resume",
        `--run=${folder}/${name}`,
        "--backend=cpu",
        "--samples=0",
      ];
      const refused = await carry(...resume);
      assertEquals(refused.code, 2);
      assertMatch(refused.stderr, NEEDS);
      const resumed = await carry(...resume, `--data=${folder}/pairs.tsv`);
      assertEquals(resumed.code, 0, resumed.stderr);
    }
    assertEquals((await carry("import", file, `--run=${folder}/own`)).code, 0);
    const resumed = await carry(
      ...["train", "--resume", `--run=${folder}/own`, "--backend=cpu", "--samples=0"],
      ...[`--data=${folder}/pairs.tsv`, `--validation=${folder}/pairs.tsv`],
    );
    assertEquals(resumed.code, 0, resumed.stderr);
    const { checkpoint: { problem: found } } = await readRun(`${folder}/own`);
    assertEquals(isPairs(found) && [found.split, found.heldBack], [null, null]);
  },
);
