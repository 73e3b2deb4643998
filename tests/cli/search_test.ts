import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry, TINY_ARGUMENTS } from "../reliability/carry_process.ts";

const PAIRS = Array.from({ length: 80 }, (_, at) => {
  const question = at.toString(3).replace(/[012]/g, (digit) => "xyz"[Number(digit)]!);
  return `${question}\t${question.toUpperCase()}\n`;
}).join("");
const TINY = ["--hidden-size=16", "--batch-size=8", "--epochs=6", "--backend=cpu", "--samples=0"];

/** A folder with the run of a small model with attention, and the command line in it. */
function testWithRun(
  name: string,
  fn: (carry: (...args: readonly string[]) => Promise<Ending>, folder: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
        const run = `--run=${folder}/run`;
        const carry = (...args: readonly string[]): Promise<Ending> =>
          runCarry([args[0]!, run, ...args.slice(1)], { permissions });
        await Deno.writeTextFile(`${folder}/pairs.tsv`, PAIRS);
        const trained = await carry("train", `--data=${folder}/pairs.tsv`, ...TINY);
        assertEquals(trained.code, 0, trained.stderr);
        await fn(carry, folder);
      }),
  });
}

testWithRun(
  "predict lists the n best answers, and the attention, as text and as JSON",
  async (carry) => {
    const json = await carry("predict", "xyz", "--n-best=3", "--attention", "--json");
    const { question, answer, probability, alternatives, attention } = JSON.parse(json.lines[0]!);
    assertEquals(question, "xyz");
    assertEquals(alternatives.length, 3);
    assertEquals(alternatives[0], { answer, probability });
    assertEquals(attention.question, ["x", "y", "z"]);
    assertEquals(attention.answer.join(""), answer);
    const text = await carry("predict", "xyz", "--n-best=3", "--attention");
    const answers = alternatives.map((each: { answer: string }) => `xyz → ${each.answer}`);
    assertEquals(text.lines.slice(0, 3), answers);
    if (answer !== "") assertMatch(text.lines[3]!, /^ {4}x y z$/);
  },
);

testWithRun(
  "evaluate says which beam it has, 5 if none is typed, and measures the same loss",
  async (carry) => {
    const greedy = JSON.parse((await carry("evaluate", "--beam=1", "--json")).lines[0]!);
    assertEquals(greedy.asked, "the validation split");
    const usual = JSON.parse((await carry("evaluate", "--json")).lines[0]!);
    assertEquals(usual.asked, "the validation split, with a beam of 5");
    const found = JSON.parse((await carry("evaluate", "--beam=4", "--json")).lines[0]!);
    assertEquals(found.asked, "the validation split, with a beam of 4");
    assert(Math.abs(found.loss - greedy.loss) < 1e-6);
  },
);

testWithRun(
  "plot --attention draws the attention of an answer, in a file or as text",
  async (carry, folder) => {
    const drawn = await carry("plot", "--attention", "xyz");
    assertEquals([drawn.code, drawn.lines], [0, [`${folder}/run/attention.svg`]], drawn.stderr);
    const svg = await Deno.readTextFile(`${folder}/run/attention.svg`);
    assertStringIncludes(svg, "The question is x y z.");
    const text = await carry("plot", "--attention=xyz", "--terminal");
    assertMatch(text.lines[0]!, /^xyz → /);
    const rows: [string[], RegExp][] = [
      [["--attention=xyq"], /every character must be one of "xyz"/],
      [["--attention=xyz", "--curves"], /exclude each other/],
      [["--attention=xyz", "--layers=2"], /options that describe a model/],
      [["--attention=xyz", "z"], /takes one question/],
    ];
    for (const [args, reason] of rows) {
      const { code, stderr } = await carry("plot", ...args);
      assertEquals(code, 2, stderr);
      assertMatch(stderr, reason);
    }
  },
);

Deno.test({
  name:
    "a run without attention says that it has none, and search options that do not fit are refused",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
      const run = `--run=${folder}/run`;
      const trained = await runCarry(["train", ...TINY_ARGUMENTS, run], { permissions });
      assertEquals(trained.code, 0, trained.stderr);
      const rows: [string[], RegExp][] = [
        [
          ["predict", "1+1", "--attention"],
          /must have the decoder attention, but has the decoder repeat/,
        ],
        [
          ["plot", "--attention=1+1"],
          /must have the decoder attention, but has the decoder repeat/,
        ],
        [["serve", "--attention"], /must have the decoder attention, but has the decoder repeat/],
        [["predict", "1+1", "--beam=2", "--n-best=3"], /nBest must be at most the beam/],
        [["predict", "1+1", "--beam=many"], /it must be a number, but is "many"/],
        [["evaluate", "--length-penalty=1"], /must be 0 with a beam of 1/],
        [["evaluate", "--n-best=2"], /Unknown option "--n-best"/],
      ];
      for (const [args, reason] of rows) {
        const { code, stderr, lines } = await runCarry([...args, run], { permissions });
        assertEquals([code, lines], [2, []], stderr);
        assertMatch(stderr, reason);
      }
    }),
});
