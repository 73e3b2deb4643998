import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type {
  Executor,
  HeldExamples,
  OptimizerState,
  StepsPlan,
} from "../../src/device/executor.ts";
import { testOnEveryDevice } from "../devices.ts";
import { ADAM, drawRows, makeExamples, makeTrial, SMALL, takeSteps } from "./trial.ts";

const { network, values } = makeTrial(SMALL);
const EXAMPLES = makeExamples(network, 9);

interface Loaded {
  readonly executor: Executor;
  readonly held: HeldExamples;
  readonly optimizer: OptimizerState;
}

/** A use of an executor with something wrong. */
interface Misuse {
  readonly what: string;
  readonly use: (loaded: Loaded) => unknown;
  readonly error: typeof TypeError | typeof RangeError;
  readonly message: string;
}

const planOf = ({ held, optimizer }: Loaded, plan: Partial<StepsPlan>): StepsPlan => ({
  ...{ examples: held, optimizer, order: drawRows(9, 10), batchSize: 4 },
  ...{ from: 0, step: 0, learningRate: () => 0.01 },
  ...plan,
});

const range = (from: number, to: number): { from: number; to: number; answers: false } => ({
  from,
  to,
  answers: false,
});

const MISUSES: readonly Misuse[] = [
  {
    what: "an order with a row that does not exist",
    use: (all) => all.executor.begin(planOf(all, { order: Uint32Array.of(0, 9, 1) })),
    error: RangeError,
    message: "every row must be below 9, the number of examples, but row 1 of the order is 9",
  },
  {
    what: "an empty order",
    use: (all) => all.executor.begin(planOf(all, { order: new Uint32Array() })),
    error: RangeError,
    message: "there must be at least one row",
  },
  {
    what: "a batch of no examples",
    use: (all) => all.executor.begin(planOf(all, { batchSize: 0 })),
    error: RangeError,
    message: "batchSize must be an integer 1 or more, but is 0",
  },
  {
    what: "a start after the last batch",
    use: (all) => all.executor.begin(planOf(all, { from: 4 })),
    error: RangeError,
    message: "from must be an integer from 0 to 3, but is 4",
  },
  {
    what: "a gradient of a row that does not exist",
    use: ({ executor, held }) => executor.differentiate(held, Uint32Array.of(12)),
    error: RangeError,
    message: "every row must be below 9",
  },
  {
    what: "a range past the examples",
    use: ({ executor, held }) => executor.measure(held, range(3, 10)),
    error: RangeError,
    message: "to must be an integer from 4 to 9, but is 10",
  },
  {
    what: "an empty range",
    use: ({ executor, held }) => executor.measure(held, range(3, 3)),
    error: RangeError,
    message: "to must be an integer from 4 to 9, but is 3",
  },
  {
    what: "sources of a wrong length",
    use: ({ executor }) => executor.hold({ ...EXAMPLES, sources: new Uint8Array(26) }),
    error: TypeError,
    message: "the sources must have 27 indices, but have 26",
  },
  {
    what: "targets of a wrong length",
    use: ({ executor }) => executor.hold({ ...EXAMPLES, targets: new Uint8Array(19) }),
    error: TypeError,
    message: "the targets must have 18 indices, but have 19",
  },
  {
    what: "an index of no character",
    use: ({ executor }) => executor.hold({ ...EXAMPLES, targets: new Uint8Array(18).fill(7, 5) }),
    error: RangeError,
    message:
      "every index must be below 7, the number of symbols of targets, but index 5 of the targets is 7",
  },
  {
    what: "sources in a list",
    use: ({ executor }) => executor.hold({ ...EXAMPLES, sources: Array(27).fill(0) as never }),
    error: TypeError,
    message: "the sources must be a Uint8Array, but is an array",
  },
  {
    what: "a question in a list",
    use: ({ executor }) => executor.answer([0, 1, 2] as never),
    error: TypeError,
    message: "the sources must be a Uint8Array, but is an array",
  },
  {
    what: "rows that may be below 0",
    use: (all) => all.executor.begin(planOf(all, { order: Int32Array.of(-1) as never })),
    error: TypeError,
    message: "the order must be a Uint32Array, but is an Int32Array",
  },
  {
    what: "parameters in lists",
    use: ({ executor }) => executor.writeParameters(values.map((each) => [...each]) as never),
    error: TypeError,
    message: "must be a Float32Array, but is an array",
  },
  {
    what: "no examples",
    use: ({ executor }) =>
      executor.hold({ count: 0, sources: new Uint8Array(), targets: new Uint8Array() }),
    error: RangeError,
    message: "there must be at least one, but there are 0",
  },
  {
    what: "questions of a wrong length",
    use: ({ executor }) => executor.answer(new Uint8Array(4)),
    error: TypeError,
    message: "the sources must have 6 indices, but have 4",
  },
  {
    what: "a question with an index of no character",
    use: ({ executor }) => executor.answer(Uint8Array.of(1, 200, 1)),
    error: RangeError,
    message: "index 1 of the sources is 200",
  },
  {
    what: "too few arrays of parameters",
    use: ({ executor }) => executor.writeParameters(values.slice(1)),
    error: TypeError,
    message: `there must be ${values.length} arrays of values, but there are ${values.length - 1}`,
  },
  {
    what: "too few values of a parameter",
    use: ({ executor }) => executor.writeParameters([new Float32Array(3), ...values.slice(1)]),
    error: TypeError,
    message: `"lstm/kernel" must have ${values[0]!.length} values, but has 3`,
  },
  {
    what: "too few arrays of an optimiser's state",
    use: ({ executor }) => executor.createOptimizer(ADAM, values),
    error: TypeError,
    message: `there must be ${2 * values.length} arrays of values, but there are ${values.length}`,
  },
  {
    what: "too many values of an optimiser's state",
    use: ({ executor }) =>
      executor.createOptimizer(ADAM, [...values, ...values.slice(0, -1), new Float32Array(99)]),
    error: TypeError,
    message: '"adam/v/time_distributed/bias" must have 7 values, but has 99',
  },
];

for (const { what, use, error, message } of MISUSES) {
  testOnEveryDevice(`an executor refuses ${what}, and computes nothing`, async (device) => {
    using executor = await device.load(network, values);
    using held = executor.hold(EXAMPLES);
    using optimizer = executor.createOptimizer(ADAM);
    const before = await executor.readState(optimizer);
    await assertRejects(async () => await use({ executor, held, optimizer }), error, message);
    assertEquals(await executor.readState(optimizer), before);
    assertEquals(executor.changes, 0);
    await takeSteps(executor, planOf({ executor, held, optimizer }, {})); // it works on
  });
}

testOnEveryDevice("load() refuses values that do not fit the network", async (device) => {
  const load = async (given: Float32Array[]): Promise<void> => {
    using _ = await device.load(network, given);
  };
  await assertRejects(
    () => load([...values, values[0]!]),
    TypeError,
    `Cannot load the network: there must be ${values.length} arrays of values`,
  );
  await assertRejects(
    () => load([...values.slice(0, -1), new Float32Array(8)]),
    TypeError,
    'Cannot load the network: "time_distributed/bias" must have 7 values, but has 8',
  );
});

testOnEveryDevice("only one executor's examples and optimisers are taken", async (device) => {
  using executor = await device.load(network, values);
  using other = await device.load(network, values);
  const own = {
    executor,
    held: executor.hold(EXAMPLES),
    optimizer: executor.createOptimizer(ADAM),
  };
  const held = other.hold(EXAMPLES);
  const optimizer = other.createOptimizer(ADAM);
  assertThrows(
    () => executor.begin(planOf({ ...own, held }, {})),
    TypeError,
    "Cannot take steps: the examples must be of the same executor",
  );
  assertThrows(
    () => executor.begin(planOf({ ...own, optimizer }, {})),
    TypeError,
    "Cannot take steps: the optimiser's state must be of the same executor",
  );
  await assertRejects(
    () => executor.measure(held, range(0, 9)),
    TypeError,
    "Cannot measure: the examples must be of the same executor",
  );
});

testOnEveryDevice("steps of two plans cannot be mixed", async (device) => {
  using executor = await device.load(network, values);
  const loaded = {
    ...{ executor, held: executor.hold(EXAMPLES) },
    optimizer: executor.createOptimizer(ADAM),
  };
  const steps = executor.begin(planOf(loaded, {}));
  for (const most of [0, -1, 0.5, NaN]) {
    const words = `Cannot take steps: most must be an integer 1 or more, but is ${most}`;
    assertThrows(() => steps.take(most), RangeError, words);
  }
  assertEquals(steps.take(1), 1);
  assertThrows(
    () => executor.begin(planOf(loaded, {})),
    Error,
    "Cannot take steps: those of another plan must be disposed of first",
  );
  while (steps.left > 0) steps.take();
  assertThrows(() => steps.take(), RangeError, "Cannot take steps: none is left");
  steps[Symbol.dispose]();
  assertThrows(() => steps.take(), Error, "Cannot take steps: they were disposed of");
  using again = executor.begin(planOf(loaded, {}));
  again.take();
});

testOnEveryDevice("what was disposed of is refused with its name", async (device) => {
  using executor = await device.load(network, values);
  const held = executor.hold(EXAMPLES);
  const optimizer = executor.createOptimizer(ADAM);
  const loaded = { executor, held, optimizer };
  optimizer[Symbol.dispose]();
  assertEquals(optimizer.disposed, true);
  const plan = planOf(loaded, {});
  const gone = "Cannot take steps: the optimiser's state was disposed of";
  assertThrows(() => executor.begin(plan), Error, gone);
  await assertRejects(
    () => executor.readState(optimizer),
    Error,
    "Cannot read the parameters: the optimiser's state was disposed of",
  );
  held[Symbol.dispose]();
  held[Symbol.dispose](); // a second time is no error
  await assertRejects(
    () => executor.measure(held, range(0, 9)),
    Error,
    "Cannot measure: the examples were disposed of",
  );
});

testOnEveryDevice("an executor that was disposed of refuses every use", async (device) => {
  const executor = await device.load(network, values);
  const held = executor.hold(EXAMPLES);
  const optimizer = executor.createOptimizer(ADAM);
  const loaded = { executor, held, optimizer };
  const steps = executor.begin(planOf(loaded, {}));
  executor[Symbol.dispose]();
  assertEquals([executor.disposed, optimizer.disposed], [true, true]);
  const uses: readonly (readonly [string, () => unknown])[] = [
    ["hold the examples", () => executor.hold(EXAMPLES)],
    ["make an optimiser", () => executor.createOptimizer(ADAM)],
    ["take steps", () => executor.begin(planOf(loaded, {}))],
    ["measure", () => executor.measure(held, range(0, 9))],
    ["answer", () => executor.answer(new Uint8Array(3))],
    ["compute a gradient", () => executor.differentiate(held, Uint32Array.of(0))],
    ["read the parameters", () => executor.readState()],
    ["write the parameters", () => executor.writeParameters(values)],
  ];
  for (const [action, use] of uses) {
    const gone = `Cannot ${action}: the executor was disposed of`;
    await assertRejects(async () => await use(), Error, gone);
  }
  assertThrows(() => steps.take(), Error, "disposed of");
  for (const each of [held, optimizer, steps]) each[Symbol.dispose](); // no error
});
