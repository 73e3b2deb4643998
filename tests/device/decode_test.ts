import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { ChosenSymbols, Decoding } from "../../src/device/decoding.ts";
import type { Device, Executor } from "../../src/device/executor.ts";
import { CELLS } from "../../src/network/config.ts";
import { assertClose } from "../assert_close.ts";
import { makePaddedExamples, SMALL_ATTENTION } from "../describe_attention.ts";
import { testOnEveryDevice } from "../devices.ts";
import { decodeSome } from "./decode_some.ts";
import { makeAttentionTrial, makeExamples, makeTrial, SMALL } from "./trial.ts";

const COUNT = 35;
const TRIAL = makeAttentionTrial(SMALL_ATTENTION);
const { sources: SOURCES } = makePaddedExamples(TRIAL.network, COUNT);
const { inputLength: T_IN, outputLength: T_OUT, targetVocabularySize: V } = TRIAL.network;
const PADDING = TRIAL.network.targetPadding!;

const load = (device: Device): Promise<Executor> => device.load(TRIAL.network, TRIAL.values);

/** Rows of a matrix. */
function rowOf(values: Float32Array, row: number, size: number): Float32Array {
  return values.subarray(row * size, (row + 1) * size);
}

const chosen = (parents: readonly number[], symbols: readonly number[]): ChosenSymbols => ({
  parents: Uint32Array.from(parents),
  symbols: Uint8Array.from(symbols),
});

for (const cell of CELLS) {
  testOnEveryDevice(
    `decode() with the most probable symbols gives what answer() does: ${cell}`,
    async (device) => {
      const { network, values } = makeAttentionTrial({ ...SMALL_ATTENTION, cell, layers: 3 });
      using executor = await device.load(network, values);
      const { characters, probabilities } = await executor.answer(SOURCES, { probabilities: true });
      using decoding = executor.decode(SOURCES);
      assertEquals([decoding.count, decoding.steps], [COUNT, 0]);
      let open = Array.from({ length: COUNT }, (_, source) => source);
      let before = open;
      for (let t = 0; t < T_OUT && open.length > 0; t++) {
        const symbols = open.map((source) => characters[source * T_OUT + t - 1]!);
        const parents = open.map((source) => before.indexOf(source));
        const step = await decoding.step(t === 0 ? undefined : chosen(parents, symbols));
        assertEquals(decoding.steps, t + 1);
        assertEquals(step.probabilities.length, open.length * V);
        open.forEach((source, m) =>
          assertClose(
            rowOf(step.probabilities, m, V),
            rowOf(probabilities!, source * T_OUT + t, V),
            `symbol ${t} of answer ${source}`,
          )
        );
        before = open;
        open = open.filter((source) => characters[source * T_OUT + t] !== PADDING).toReversed();
      }
    },
  );
}

testOnEveryDevice(
  "the attention of a step is 0 where the source is masked, and its sum is 1, or 0 for an empty source",
  async (device) => {
    using executor = await load(device);
    using decoding = executor.decode(SOURCES);
    const { attention } = await decoding.step();
    for (let i = 0; i < COUNT; i++) {
      const source = SOURCES.subarray(i * T_IN, (i + 1) * T_IN);
      const weights = rowOf(attention, i, T_IN);
      source.forEach((symbol, s) => assertEquals(weights[s]! > 0, symbol !== 0, `${i}, ${s}`));
      const isEmpty = source.every((symbol) => symbol === 0);
      assertClose([weights.reduce((a, b) => a + b, 0)], [isEmpty ? 0 : 1], `sum of ${i}`);
    }
  },
);

testOnEveryDevice(
  "a hypothesis does not depend on those that are computed with it",
  async (device) => {
    using executor = await load(device);
    const run = async (decoding: Decoding, width: number): Promise<Float32Array[]> => {
      const hypotheses = Array.from({ length: width * decoding.count }, (_, m) => m);
      await decoding.step();
      const second = await decoding.step(
        chosen(hypotheses.map((m) => Math.floor(m / width)), hypotheses.map((m) => m % V)),
      );
      const third = await decoding.step(chosen(hypotheses, hypotheses.map((m) => (m + 3) % V)));
      return [rowOf(second.probabilities, 0, V), rowOf(third.probabilities, 0, V)].map((row) =>
        row.slice()
      );
    };
    using wide = executor.decode(SOURCES);
    using narrow = executor.decode(SOURCES.subarray(0, T_IN));
    const [found, alone] = [await run(wide, 9), await run(narrow, 1)];
    found.forEach((row, t) => assertClose(row, alone[t]!, `step ${t + 2}`));
  },
);

testOnEveryDevice(
  "decodings, answers and measurements at the same time do not disturb each other",
  async (device) => {
    using executor = await load(device);
    using held = executor.hold(makePaddedExamples(TRIAL.network, COUNT));
    const alone = await decodeSome(executor, SOURCES);
    const others = SOURCES.toReversed();
    const [first, , second] = await Promise.all([
      decodeSome(executor, SOURCES),
      decodeSome(executor, others),
      decodeSome(executor, SOURCES),
      executor.answer(others, { probabilities: true }),
      executor.measure(held, { from: 0, to: COUNT, answers: true }),
    ]);
    assertEquals(first, alone);
    assertEquals(second, alone);
  },
);

/** What a decoding refuses after its first step. */
const MISUSES: readonly {
  readonly what: string;
  readonly given: ChosenSymbols | undefined;
  readonly error: typeof RangeError | typeof TypeError;
  readonly message: string;
}[] = [
  {
    what: "a second step without symbols",
    given: undefined,
    error: TypeError,
    message: "step 2 needs the symbols to go on with",
  },
  {
    what: "a parent that does not exist",
    given: chosen([0, COUNT], [1, 1]),
    error: RangeError,
    message: `every parent must be below ${COUNT}, but that of hypothesis 1 is ${COUNT}`,
  },
  {
    what: "a symbol that does not exist",
    given: chosen([0, 1], [V, 1]),
    error: RangeError,
    message: `every symbol must be below ${V}, but that of hypothesis 0 is ${V}`,
  },
  {
    what: "no hypotheses",
    given: chosen([], []),
    error: RangeError,
    message: "there must be at least one hypothesis",
  },
  {
    what: "parents without symbols",
    given: chosen([0, 1], [1]),
    error: TypeError,
    message: "each with a parent and a symbol, but there are 2 parents and 1 symbols",
  },
  {
    what: "parents that may be below 0",
    given: { parents: Int32Array.of(-1) as never, symbols: Uint8Array.of(1) },
    error: TypeError,
    message: "the parents must be a Uint32Array, but is an Int32Array",
  },
  {
    what: "symbols in a list",
    given: { parents: Uint32Array.of(0), symbols: [1] as never },
    error: TypeError,
    message: "the symbols must be a Uint8Array, but is an array",
  },
];

for (const { what, given, error, message } of MISUSES) {
  testOnEveryDevice(`a decoding refuses ${what}, and goes on`, async (device) => {
    using executor = await load(device);
    using decoding = executor.decode(SOURCES);
    await decoding.step();
    await assertRejects(() => decoding.step(given), error, message);
    assertEquals(decoding.steps, 1);
    await decoding.step(chosen([3], [1]));
    assertEquals(decoding.steps, 2);
  });
}

testOnEveryDevice(
  "a decoding begins without symbols, and ends after T_out steps",
  async (device) => {
    using executor = await load(device);
    using decoding = executor.decode(SOURCES);
    await assertRejects(
      () => decoding.step(chosen([0], [1])),
      TypeError,
      "Cannot decode symbol by symbol: step 1 begins without symbols",
    );
    await decoding.step();
    for (let t = 1; t < T_OUT; t++) await decoding.step(chosen([0], [1]));
    await assertRejects(
      () => decoding.step(chosen([0], [1])),
      RangeError,
      `Cannot decode symbol by symbol: no step is left after ${T_OUT}`,
    );
  },
);

testOnEveryDevice("decode() refuses sources that do not fit the network", async (device) => {
  using executor = await load(device);
  const refused: readonly (readonly [Uint8Array, typeof RangeError, string])[] = [
    [new Uint8Array(T_IN + 1), TypeError, `must have ${2 * T_IN} indices, but have ${T_IN + 1}`],
    [new Uint8Array(T_IN).fill(9), RangeError, "every index must be below 9"],
    [new Uint8Array(), RangeError, "there must be at least one source"],
    [Array(T_IN).fill(0) as never, TypeError, "must be a Uint8Array, but is an array"],
  ];
  for (const [sources, error, message] of refused) {
    assertThrows(() => executor.decode(sources), error, "Cannot decode symbol by symbol: ");
    assertThrows(() => executor.decode(sources), error, message);
  }
});

testOnEveryDevice("decode() refuses a network with the decoder repeat", async (device) => {
  const { network, values } = makeTrial(SMALL);
  using executor = await device.load(network, values);
  assertThrows(
    () => executor.decode(makeExamples(network, 1).sources),
    TypeError,
    "the network must have the decoder attention, but has repeat",
  );
});

testOnEveryDevice("a decoding that was disposed of refuses every step", async (device) => {
  const executor = await load(device);
  const decoding = executor.decode(SOURCES);
  const other = executor.decode(SOURCES);
  await decoding.step();
  decoding[Symbol.dispose]();
  decoding[Symbol.dispose](); // a second time is no error
  await assertRejects(() => decoding.step(chosen([0], [1])), Error, "was disposed of");
  await other.step();
  executor[Symbol.dispose]();
  await assertRejects(() => other.step(chosen([0], [1])), Error, "was disposed of");
  assertThrows(() => executor.decode(SOURCES), Error, "the executor was disposed of");
});
