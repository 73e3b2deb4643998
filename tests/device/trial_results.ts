/** Everything that an executor computes, for a comparison of two executors. @module */
import { assert, assertEquals } from "@std/assert";
import type {
  Answers,
  BatchFigures,
  Device,
  Differentiated,
  Executor,
  HeldExamples,
  Measurement,
} from "../../src/device/executor.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { assertClose } from "../assert_close.ts";
import type { NetworkSize } from "../describe_two_tables.ts";
import { ADAM, drawRows, makeExamples, makeTrial, takeSteps } from "./trial.ts";

/** What is computed of a network. */
export interface TrialResults {
  readonly differentiated: Differentiated;
  /** Figures of two trainings of two steps, the last with a part of a batch. */
  readonly figures: readonly BatchFigures[];
  /** Parameters and the optimiser's state after each training. */
  readonly state: readonly NamedTensor[];
  readonly measurement: Measurement;
  readonly answers: Answers;
  /** Of the measured range, uint8 (N, T_out). */
  readonly targets: Uint8Array;
}

/** Largest errors: relative to a value, and relative to the largest value of its tensor. */
const TOLERANCE = { relative: 1e-4, ofLargest: 1e-5 };

/** Errors of figures and probabilities, whose values are about 1. */
const FIGURE_TOLERANCE = { relative: 1e-5, absolute: 1e-5 };

/** Computes everything, in memory that was filled with NaN. */
export async function computeResults(
  device: Device,
  size: NetworkSize,
  batchSize: number,
): Promise<TrialResults> {
  const { network, values } = makeTrial(size);
  const examples = makeExamples(network, 2 * batchSize + 3);
  using executor = await device.load(network, values);
  using held = executor.hold(examples);
  if (device.report.executor === "kernels") { // tfjs itself makes every tensor anew
    await spoilMemory(executor, held, batchSize);
    executor.writeParameters(values);
  }
  const differentiated = await executor.differentiate(held, drawRows(held.count, batchSize));
  const order = drawRows(held.count, batchSize + Math.ceil(batchSize / 2), 4);
  const figures: BatchFigures[] = [];
  const state: NamedTensor[] = [];
  // where the gradients' norm is limited, an error of their scale would not show
  for (const clipNorm of [ADAM.clipNorm, 0]) {
    using optimizer = executor.createOptimizer({ ...ADAM, clipNorm });
    figures.push(
      ...await takeSteps(executor, { examples: held, optimizer, order, batchSize }),
    );
    state.push(...await executor.readState(optimizer));
  }
  const range = { from: 1, to: held.count - 1 };
  const measurement = await executor.measure(held, { ...range, answers: true, confidence: true });
  const sources = examples.sources.subarray(...bytesOf(range, network.inputLength));
  const answers = await executor.answer(sources, { probabilities: true });
  const targets = examples.targets.subarray(...bytesOf(range, network.outputLength));
  return { differentiated, figures, state, measurement, answers, targets };
}

/** Computes with NaN, so that a kernel that reads memory of an earlier computation gives NaN. */
async function spoilMemory(
  executor: Executor,
  held: HeldExamples,
  batchSize: number,
): Promise<void> {
  executor.writeParameters(
    executor.network.parameters.map(({ shape }) =>
      new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(NaN)
    ),
  );
  const order = drawRows(held.count, batchSize);
  {
    using optimizer = executor.createOptimizer(ADAM);
    await takeSteps(executor, { examples: held, optimizer, order, batchSize });
  }
  await executor.differentiate(held, order);
  await executor.measure(held, { from: 0, to: held.count, answers: true });
}

function bytesOf({ from, to }: { from: number; to: number }, length: number): [number, number] {
  return [from * length, to * length];
}

/** Fails unless two executors computed the same, up to rounding. */
export function assertSameResults(found: TrialResults, expected: TrialResults): void {
  assertSameFigures([found.differentiated.figures], [expected.differentiated.figures], "batch");
  expected.differentiated.gradients.forEach((gradient, i) => {
    const { name } = expected.state[i]!;
    assertScaledClose(found.differentiated.gradients[i]!, gradient, `gradient of ${name}`);
  });
  assertSameFigures(found.figures, expected.figures, "step");
  assertEquals(found.state.map(({ name }) => name), expected.state.map(({ name }) => name));
  expected.state.forEach(({ name, shape, values }, i) => {
    assertEquals(found.state[i]!.shape, shape);
    assertScaledClose(found.state[i]!.values, values, name);
  });
  assertSameAnswers(found, expected);
}

function assertSameAnswers(found: TrialResults, expected: TrialResults): void {
  const { answers, measurement, targets } = found;
  assertClose(
    answers.probabilities!,
    expected.answers.probabilities!,
    "probabilities",
    FIGURE_TOLERANCE,
  );
  assertClose(
    answers.confidence,
    expected.answers.confidence,
    "confidence",
    FIGURE_TOLERANCE,
  );
  assertEquals(answers.characters, expected.answers.characters);
  assertEquals(measurement.answers, answers.characters);
  assertClose(
    measurement.confidence!,
    expected.answers.confidence,
    "measured confidence",
    FIGURE_TOLERANCE,
  );
  assertClose([measurement.loss], [expected.measurement.loss], "measured loss", FIGURE_TOLERANCE);
  assertEquals(measurement.characters, expected.measurement.characters);
  assertEquals(measurement.exactMatches, expected.measurement.exactMatches);
  const right = targets.filter((target, i) => target === answers.characters[i]).length;
  assertEquals(measurement.characters, right);
}

function assertSameFigures(
  found: readonly BatchFigures[],
  expected: readonly BatchFigures[],
  what: string,
): void {
  assert(found.length === expected.length, `${what}: ${found.length} figures`);
  for (const figure of ["loss", "characterAccuracy", "exactMatch"] as const) {
    assertClose(
      found.map((figures) => figures[figure]),
      expected.map((figures) => figures[figure]),
      `${figure} of ${what}`,
      FIGURE_TOLERANCE,
    );
  }
}

/** Compares tensors whose values may all be small. */
export function assertScaledClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
): void {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  assertClose(found, expected, what, {
    relative: TOLERANCE.relative,
    absolute: TOLERANCE.ofLargest * largest + 1e-9,
  });
}
