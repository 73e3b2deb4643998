import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { readExample } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { readParameters } from "../../src/model/model_parameters.ts";
import { predict } from "../../src/model/predict.ts";
import type { Example } from "../../src/problem/example.ts";
import { fit, type FittedModel } from "../../src/training/fit.ts";
import { type FitOptions, resolveFit } from "../../src/training/fit_options.ts";
import type { FitEvent } from "../../src/training/fit_events.ts";
import { preparePairs } from "../../src/training/prepare_pairs.ts";
import { createFakeDevice } from "./fake_device.ts";

const device = await chooseDevice("cpu", { threads: 1 });

/** Doubles of numbers. */
const PAIRS: readonly Example[] = Array.from({ length: 40 }, (_, i) => ({
  question: String(i),
  answer: String(2 * i),
}));

/** A training of two short epochs. */
const SHORT: Partial<FitOptions> = { device, hiddenSize: 4, epochs: 2, batchSize: 8, seed: 3 };

const values = async ({ model }: FittedModel): Promise<Float32Array[]> =>
  (await readParameters(model)).map(({ values }) => values);

Deno.test("fit() gives a model that answers the pairs it has learned", async () => {
  const names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
  const pairs = names.map((question, i) => ({ question, answer: `${i + 1}${i % 2 ? "" : " "}` }));
  const options = { device, hiddenSize: 24, epochs: 80, batchSize: 2, learningRate: 0.01 };
  using fitted = await fit(pairs, { ...options, validation: pairs });
  assertEquals(fitted.evaluation.exactMatch, 1);
  assertEquals(fitted.evaluation.examples, 10);
  assertEquals(fitted.history.length, 80);
  const answers = await predict(fitted.model, names);
  assertEquals(answers.map(({ answer }) => answer), pairs.map(({ answer }) => answer)); // with their spaces
});

Deno.test("fit() takes arrays, iterables and asynchronous iterables alike, bit for bit", async () => {
  using expected = await fit(PAIRS, SHORT);
  const given = [
    new Set(PAIRS),
    PAIRS.values(),
    (async function* (): AsyncGenerator<Example, void> {
      for (const pair of PAIRS) yield await Promise.resolve(pair);
    })(),
  ];
  for (const pairs of given) {
    using fitted = await fit(pairs, SHORT);
    assertEquals(await values(fitted), await values(expected));
    assertEquals(fitted.history.map(({ loss }) => loss), expected.history.map(({ loss }) => loss));
    assertEquals(fitted.problem, expected.problem);
  }
});

Deno.test("fit() is not changed by a caller who changes the pairs meanwhile", async () => {
  using expected = await fit(PAIRS, SHORT);
  const pairs = PAIRS.map((pair) => ({ ...pair }));
  using fitted = await fit(pairs, {
    ...SHORT,
    onEvent: () => pairs.splice(0).forEach((pair) => pair.answer = "0") as void,
  });
  assertEquals(await values(fitted), await values(expected));
});

Deno.test("fit() holds back all pairs with the same question together", async () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 3 });
  const pair = fc.record({ question: word, answer: word });
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 60, maxLength: 200 }), async (pairs) => {
      const { split } = await preparePairs(pairs, resolveFit({ split: 0.3 }));
      const sides = [split.training, split.validation].map((side) =>
        Array.from({ length: side.count }, (_, at) => readExample(side, at))
      );
      const [trained, held] = sides.map((side) => new Set(side.map(({ question }) => question)));
      assertEquals(trained!.intersection(held!).size, 0);
      const sort = (list: readonly Example[]): string[] =>
        list.map((each) => JSON.stringify(each)).sort();
      assertEquals(sort(sides.flat()), sort(pairs));
    }),
    { numRuns: 30 },
  );
});

Deno.test("fit() says which pair cannot be used, and why", async () => {
  const good = { question: "a", answer: "b" };
  const wrong: readonly (readonly [unknown, string, typeof TypeError | typeof SyntaxError])[] = [
    [
      3,
      "Cannot use pairs[1]: it must be an object with a question and an answer, but is 3",
      TypeError,
    ],
    [
      { question: "a" },
      "Cannot use pairs[1]: its answer must be a string, but is undefined",
      TypeError,
    ],
    [["a", "b"], "Cannot use pairs[1]: ", TypeError],
    [{ ...good, features: ["V"] }, "features must stand in the question after a tab", TypeError],
    [{ ...good, question: "" }, "Cannot use pairs[1]: the question must not be empty", SyntaxError],
    [{ ...good, answer: "\0" }, "Cannot use pairs[1]: the answer must have no NUL", SyntaxError],
  ];
  for (const [pair, message, type] of wrong) {
    await assertRejects(() => fit([good, pair as Example], SHORT), type, message);
  }
  await assertRejects(() => fit([], SHORT), RangeError, "there must be at least one pair");
  await assertRejects(
    () => fit([good, good], { ...SHORT, validation: [{ question: "", answer: "" }] }),
    SyntaxError,
    "Cannot use validation[0]: the question must not be empty",
  );
  await assertRejects(
    () => fit([good, good], SHORT),
    RangeError,
    "give pairs for validation instead",
  );
});

Deno.test("fit() leaves out pairs that cannot be used if it is told to, and counts them", async () => {
  const events: FitEvent[] = [];
  const pairs = [...PAIRS, { question: "", answer: "1" }, { question: "2", answer: "\0" }];
  using _fitted = await fit(pairs, {
    ...SHORT,
    badPairs: "skip",
    onEvent: (event) => void events.push(event),
  });
  const [begin] = events;
  assert(begin?.event === "begin");
  assertEquals(begin.trainingExamples + begin.validationExamples, PAIRS.length);
  assertEquals(begin.skipped, {
    pairs: 2,
    first: [
      "pairs[40]: the question must not be empty",
      "pairs[41]: the answer must have no NUL character",
    ],
  });
});

Deno.test("fit() reports the begin, every step, every epoch, samples, and the end", async () => {
  const seen: string[] = [];
  using fitted = await fit(PAIRS, {
    ...SHORT,
    samples: 2,
    onEvent: async ({ event }, { training }) => {
      await Promise.resolve();
      assertEquals(training.options.epochs, 2);
      seen.push(event);
    },
  });
  const steps = Math.ceil((PAIRS.length - fitted.validation.count) / 8);
  const epoch = [...new Array<string>(steps).fill("step"), "epoch", "samples"];
  assertEquals(seen, ["begin", ...epoch, ...epoch, "end"]);
});

Deno.test("fit() refuses options that contradict each other, before it reads a pair", async () => {
  const pairs = {
    [Symbol.iterator]: (): never => {
      throw new Error("Cannot read pairs in this test");
    },
  };
  assertThrows(
    () => resolveFit({ validation: PAIRS, split: 0.1 }),
    RangeError,
    "split must be left out",
  );
  await assertRejects(
    () => fit(pairs, { learningRate: 1e6, weightDecay: 1 }),
    RangeError,
    "learningRate × weightDecay must be at most 1",
  );
  await assertRejects(
    () => fit(PAIRS, { swap: true } as Partial<FitOptions>),
    TypeError,
    'there is no option "swap"',
  );
});

Deno.test("fit() stops with the signal's reason, and frees everything", async () => {
  const fake = createFakeDevice();
  for (const stopAt of ["begin", "step", "epoch"]) {
    const controller = new AbortController();
    const fitting = fit(PAIRS, {
      ...{ device: fake, hiddenSize: 4, signal: controller.signal },
      onEvent: ({ event }) => {
        if (event === stopAt) controller.abort(new Error(`Stopped at the ${stopAt}`));
      },
    });
    await assertRejects(() => fitting, Error, `Stopped at the ${stopAt}`);
    assertEquals(fake.calls.held, 0, stopAt);
  }
});

Deno.test("fit() stops while it reads pairs without an end, and closes them", async () => {
  const controller = new AbortController();
  let closed = false;
  function* endless(): Generator<Example, void> {
    try {
      for (;;) yield* PAIRS;
    } finally {
      closed = true;
    }
  }
  await assertRejects(
    () =>
      fit(endless(), {
        signal: controller.signal,
        onProgress: (pairs) => {
          if (pairs > 5000) controller.abort(new Error("Enough pairs"));
        },
      }),
    Error,
    "Enough pairs",
  );
  assert(closed);
});

Deno.test("fit() stops while it waits for a pair that never comes, and closes its source", async () => {
  const controller = new AbortController();
  let closed = false;
  const silent: AsyncIterable<Example> = {
    [Symbol.asyncIterator]: () => ({
      next(): Promise<never> {
        controller.abort(new Error("Waited long enough"));
        return new Promise(() => {});
      },
      return(): Promise<never> {
        closed = true;
        return new Promise(() => {});
      },
    }),
  };
  const { signal } = controller;
  await assertRejects(() => fit(silent, { signal }), Error, "Waited long enough");
  assert(closed);
});

Deno.test("a source of pairs that fails ends fit() with its error, with a signal too", async () => {
  async function* failing(): AsyncGenerator<Example, void> {
    yield* PAIRS.slice(0, 3);
    throw new Error("The connection is gone");
  }
  const { signal } = new AbortController();
  await assertRejects(() => fit(failing(), { signal }), Error, "The connection is gone");
  async function* wrong(): AsyncGenerator<Example, void> {
    try {
      yield { question: "", answer: "" };
    } finally {
      await Promise.resolve();
      closed = true;
    }
  }
  let closed = false;
  await assertRejects(() => fit(wrong(), { signal }), SyntaxError, "pairs[0]");
  assert(closed);
});

Deno.test("an error of onEvent ends fit(), and frees everything", async () => {
  const fake = createFakeDevice();
  const onEvent = (): never => {
    throw new Error("Cannot draw a curve");
  };
  await assertRejects(() => fit(PAIRS, { device: fake, onEvent }), Error, "Cannot draw a curve");
  assertEquals(fake.calls.held, 0);
});

Deno.test("a fitted model is saved and loaded with its problem, and answers alike", async () => {
  using fitted = await fit(PAIRS, SHORT);
  const bytes = await encodeCheckpoint(await takeCheckpoint(fitted.training, fitted.problem));
  const { model: config, parameters, problem, progress } = await decodeCheckpoint(bytes);
  using loaded = await createModel(config, { device, parameters });
  assertEquals(problem, fitted.problem);
  assertEquals(progress.history, [...fitted.history]);
  assertEquals(await predict(loaded, ["7", "31"]), await predict(fitted.model, ["7", "31"]));
});

Deno.test("fit() reads features after a tab, and says so in the problem", async () => {
  const pairs = ["go", "see", "run", "sing"].flatMap((verb) => [
    { question: `${verb}\tV;PRS`, answer: `${verb}s` },
    { question: `${verb}\tV; PST`, answer: `${verb}ed` },
  ]);
  using fitted = await fit(pairs, { ...SHORT, validation: pairs });
  assertEquals(fitted.problem.featureColumns, ["features"]);
  const { symbols } = fitted.model.config.source;
  assert(["\tV", "\tPRS", "\t PST"].every((symbol) => symbols.includes(symbol)), symbols.join());
  const [answer] = await predict(fitted.model, ["go\tV;PRS"]);
  assertEquals(answer!.question, "go\tV;PRS");
});

Deno.test("fit() learns about symbols that a later question has for the first time", async () => {
  const rare = PAIRS.map((pair, i) => i === 7 ? { ...pair, question: "7x" } : pair);
  using fitted = await fit(rare, { ...SHORT, minCount: 2 });
  assert(fitted.model.config.source.symbols.includes("\uFFFD"));
  assertEquals((await predict(fitted.model, ["1é"])).length, 1);
  using strict = await fit(PAIRS, SHORT);
  await assertRejects(() => predict(strict.model, ["1é"]), SyntaxError, 'index 1 is "é"');
});

Deno.test("disposing of a fitted model disposes of its model and its training", async () => {
  const fitted = await fit(PAIRS, SHORT);
  fitted[Symbol.dispose]();
  assertEquals([fitted.model.executor.disposed, fitted.training.optimizer.disposed], [true, true]);
  fitted[Symbol.dispose](); // a second time is no error
});
