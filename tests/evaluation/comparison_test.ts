import { assertEquals, assertStringIncludes } from "@std/assert";
import { createAnswerRecorder, type RecordedAnswer } from "../../src/evaluation/answer_record.ts";
import { compareRuns, findOtherExample, type RunAnswers } from "../../src/evaluation/comparison.ts";
import { writeComparisonPage } from "../../src/plot/report/comparison_page.ts";

/** A run that is asked a, b, c … `+` is a right answer, `-` a wrong one, `?` cannot be asked. */
function record(run: string, rights: string): RunAnswers {
  const records = Array.from(rights, (right, i): RecordedAnswer => ({
    example: { question: String.fromCharCode(97 + i), answer: "x" },
    isRight: right === "+",
    guess: right === "?" ? null : right === "+" ? "x" : "<y>",
  }));
  return { run, step: 1, records };
}

const HEAD = { asked: "the validation split", weights: "latest", most: 2 };

Deno.test("compareRuns() counts each run, each two of them, and where they differ", () => {
  const runs = [record("one", "++--+"), record("two", "+-+-?"), record("three", "+++-+")];
  const { runs: figures, pairs, differing, shown, examples } = compareRuns(runs, HEAD);
  assertEquals([examples, figures.map(({ right }) => right)], [5, [3, 2, 4]]);
  assertEquals(
    pairs.map((pair) => [pair.first, pair.second, pair.onlyFirst, pair.onlySecond]),
    [[0, 1, 2, 1], [0, 2, 0, 1], [1, 2, 0, 2]],
  );
  assertEquals(pairs.map(({ both, neither }) => [both, neither]), [[1, 1], [3, 1], [2, 1]]);
  assertEquals([differing, shown.map(({ question }) => question)], [3, ["b", "c"]]);
  assertEquals(shown[0]!.answers.map(({ guess }) => guess), ["x", "<y>", "x"]);
});

Deno.test("findOtherExample() finds the first example that two runs do not share, in any Unicode form", () => {
  const [one, two] = [record("one", "+++"), record("two", "++")];
  assertEquals(findOtherExample(one, one), undefined);
  assertEquals(findOtherExample(one, two)?.at, 2);
  const composed = (question: string): RunAnswers => ({
    ...{ run: "r", step: 1 },
    records: [{ example: { question, answer: "" }, isRight: true, guess: "" }],
  });
  assertEquals(findOtherExample(composed("\u00e9"), composed("e\u0301")), undefined);
});

Deno.test("a recorder keeps the order of the examples that were given, with those that cannot be asked", () => {
  const recorder = createAnswerRecorder();
  const example = (question: string): { question: string; answer: string } => ({
    ...{ question, answer: "x" },
  });
  recorder.announce(example("a"));
  recorder.refuse(example("b"));
  recorder.announce(example("c"));
  for (const isRight of [true, false]) {
    recorder.observe(() => example("as the model reads it"), { isRight, readGuess: () => "g" });
  }
  assertEquals(
    recorder.finish().map(({ example, isRight, guess }) => [example.question, isRight, guess]),
    [
      ["a", true, "g"],
      ["b", false, null],
      ["c", false, "g"],
    ],
  );
});

Deno.test("the page of a comparison escapes what others wrote", async () => {
  const runs = [record("<run>", "+-"), record("two", "-+")];
  const page = await writeComparisonPage(compareRuns(runs, HEAD));
  assertStringIncludes(page, "&lt;run&gt;");
  assertStringIncludes(page, "&lt;y&gt;");
  assertEquals(page.includes("<run>"), false);
});
