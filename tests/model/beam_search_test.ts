import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { searchAnswers, type SearchPlan } from "../../src/model/beam_search.ts";
import { copyRow } from "../../src/model/hypothesis.ts";
import { hashProbabilities, type NextProbabilities, scriptSource } from "./scripted_source.ts";

const PLAN: SearchPlan = {
  ...{ length: 3, size: 3, endSymbol: 0, beam: 1, nBest: 1, lengthPenalty: 0 },
  ...{ probabilities: false, attention: false },
  afterStep: () => Promise.resolve(),
};

/** A whole answer, without what follows its end. */
interface Answer {
  readonly symbols: readonly number[];
  readonly probability: number;
  readonly score: number;
}

/** Lists all answers to a source, the best first. */
function listAnswers(
  next: (before: readonly number[]) => readonly number[],
  { length, size, endSymbol, lengthPenalty }: SearchPlan,
  before: readonly number[] = [],
  probability = 1,
): Answer[] {
  const answers = Array.from({ length: size }, (_, symbol) => {
    const symbols = [...before, symbol];
    const product = probability * next(before)[symbol]!;
    if (symbol !== endSymbol && symbols.length < length) {
      return listAnswers(
        next,
        { ...PLAN, length, size, endSymbol, lengthPenalty },
        symbols,
        product,
      );
    }
    const score = Math.log(product) / symbols.length ** lengthPenalty;
    return [{ symbols, probability: product, score }];
  }).flat();
  return answers.sort((a, b) => b.score - a.score);
}

function search(
  next: NextProbabilities,
  plan: Partial<SearchPlan>,
  count = 3,
): ReturnType<typeof searchAnswers> {
  return searchAnswers(scriptSource(count, next), { ...PLAN, ...plan });
}

const SHAPES = fc.record({
  seed: fc.nat(1e6),
  length: fc.integer({ min: 1, max: 4 }),
  size: fc.integer({ min: 1, max: 4 }),
  ends: fc.boolean(),
  lengthPenalty: fc.constantFrom(0, 0.5, 1, 2),
});

Deno.test("searchAnswers() with a beam of all answers finds what listing them all finds", async () => {
  await fc.assert(
    fc.asyncProperty(SHAPES, fc.integer({ min: 1, max: 20 }), async (shape, nBest) => {
      const { seed, ends, ...sizes } = shape;
      const plan = { ...PLAN, ...sizes, endSymbol: ends ? 0 : null, beam: 4 ** 4, nBest };
      const next = hashProbabilities(seed, sizes.size);
      const found = await search(next, plan);
      for (const [source, answers] of found.entries()) {
        const expected = listAnswers((before) => next(source, before), plan).slice(0, nBest);
        assertEquals(answers.length, expected.length);
        for (const [i, { characters, confidence, score }] of answers.entries()) {
          const { symbols, probability } = expected[i]!;
          assertEquals([...characters.subarray(0, symbols.length)], symbols);
          assert(characters.subarray(symbols.length).every((symbol) => symbol === 0));
          assert(confidence.subarray(symbols.length).every((one) => one === 1));
          const product = confidence.reduce((a, b) => a * b, 1);
          assert(Math.abs(product - probability) <= 1e-12 * probability);
          assert(Math.abs(score - expected[i]!.score) <= 1e-12 * Math.abs(score));
        }
      }
    }),
  );
});

Deno.test("searchAnswers() gives scores in descending order, and at most n answers", async () => {
  await fc.assert(
    fc.asyncProperty(SHAPES, fc.integer({ min: 1, max: 6 }), async (shape, beam) => {
      const { seed, ends, ...sizes } = shape;
      const nBest = Math.ceil(beam / 2);
      const plan = { ...sizes, endSymbol: ends ? 0 : null, beam, nBest };
      for (const answers of await search(hashProbabilities(seed, sizes.size), plan)) {
        assert(answers.length >= 1 && answers.length <= nBest);
        const scores = answers.map(({ score }) => score);
        assertEquals(scores, scores.toSorted((a, b) => b - a));
        const texts = answers.map(({ characters }) => characters.join());
        assertEquals(new Set(texts).size, texts.length);
      }
    }),
  );
});

Deno.test("searchAnswers() with a beam of 1 chooses the most probable symbol at every position", async () => {
  await fc.assert(fc.asyncProperty(SHAPES, async ({ seed, ends, ...sizes }) => {
    const next = hashProbabilities(seed, sizes.size);
    const endSymbol = ends ? 0 : null;
    const found = await search(next, { ...sizes, endSymbol, lengthPenalty: 0 });
    for (const [source, [answer]] of found.entries()) {
      const symbols: number[] = [];
      while (
        symbols.length < sizes.length && (symbols.length === 0 || symbols.at(-1) !== endSymbol)
      ) {
        const probabilities = next(source, symbols);
        symbols.push(probabilities.indexOf(Math.max(...probabilities)));
      }
      assertEquals([...answer!.characters.subarray(0, symbols.length)], symbols);
    }
  }));
});

Deno.test("searchAnswers() finds an answer that does not begin with the most probable symbol", async () => {
  const next: NextProbabilities = (_, [first]) =>
    first === undefined ? [0, 0.6, 0.4] : first === 1 ? [0.3, 0.3, 0.4] : [0.9, 0.1, 0];
  const found = [];
  for (const beam of [1, 2]) {
    const [answers] = await search(next, { length: 2, beam }, 1);
    found.push([...answers![0]!.characters]);
  }
  assertEquals(found, [[1, 2], [2, 0]]);
});

Deno.test("searchAnswers() chooses the first of equally probable symbols", async () => {
  const found = await search(
    () => [0, 0.5, 0.5],
    { length: 2, endSymbol: null, beam: 4, nBest: 4 },
    1,
  );
  assertEquals(found[0]!.map(({ characters }) => [...characters]), [[1, 1], [1, 2], [2, 1], [
    2,
    2,
  ]]);
});

Deno.test("searchAnswers() prefers longer answers with a length penalty", async () => {
  const next: NextProbabilities = (_, before) =>
    before.length === 0 ? [0.5, 0.5, 0] : [0.2, 0.8, 0];
  const lengths = [];
  for (const lengthPenalty of [0, 1]) {
    const [answers] = await search(next, { beam: 3, lengthPenalty }, 1);
    lengths.push(answers![0]!.characters.indexOf(0));
  }
  assertEquals(lengths, [0, -1]); // ends at once; does not end
});

Deno.test("searchAnswers() stops asking about a question whose best answers are found", async () => {
  const source = scriptSource(2, (question) => question === 0 ? [0.9, 0.1, 0] : [0.1, 0.6, 0.3]);
  await searchAnswers(source, { ...PLAN, beam: 2 });
  assertEquals(source.sizes, [2, 2, 2]); // question 0 asks for one hypothesis, then none
});

Deno.test("searchAnswers() gives the probabilities and the attention of the path to each answer", async () => {
  const next = hashProbabilities(3, 3);
  const plan = { beam: 9, nBest: 9, probabilities: true, attention: true };
  for (const [source, answers] of (await search(next, plan)).entries()) {
    for (const { characters, confidence, probabilities, attention } of answers) {
      const ended = characters.indexOf(0);
      for (let t = 0; t < PLAN.length; t++) {
        const isAfterEnd = ended >= 0 && t > ended;
        const before = [...characters.subarray(0, t)];
        const row = isAfterEnd ? [1, 0, 0] : next(source, before);
        assertEquals([...probabilities!.subarray(t * 3, t * 3 + 3)], row);
        assertEquals(confidence[t], row[characters[t]!]);
        const looked = isAfterEnd ? [0, 0] : [t + 1, before.at(-1) ?? 0];
        assertEquals([...attention!.subarray(t * 2, t * 2 + 2)], looked);
      }
    }
  }
});

Deno.test("searchAnswers() gives an answer even if no probability is a number", async () => {
  const [answers] = await search(() => [NaN, NaN, NaN], { endSymbol: null, beam: 2, nBest: 2 }, 1);
  assertEquals([...answers![0]!.characters], [0, 0, 0]);
  assert(Number.isNaN(answers![0]!.confidence[0]));
});

Deno.test("searchAnswers() ends with the error of what is called after every step", async () => {
  let steps = 0;
  const afterStep = (): Promise<void> =>
    ++steps < 2 ? Promise.resolve() : Promise.reject(new Error("was trained"));
  await assertRejects(
    () => search(hashProbabilities(1, 3), { afterStep, endSymbol: null }),
    Error,
    "was trained",
  );
});

Deno.test("copyRow() keeps a row alone, not what was given for all hypotheses", () => {
  const given = { probabilities: Float32Array.of(1, 0, 0.5, 0.25), attention: new Float32Array(6) };
  given.attention.set([0.25, 0.5, 1], 3);
  const { probabilities, attention } = copyRow(given, 1, 2);
  assertEquals([...probabilities], [0.5, 0.25]);
  assertEquals([...attention!], [0.25, 0.5, 1]);
  assertEquals([probabilities, attention!].map(({ buffer }) => buffer.byteLength), [8, 12]);
});
