/** Everything that an executor computes, for a comparison of two executors. @module */
import { assert, assertEquals } from "@std/assert";
import { markCounted } from "../../src/device/reference/counted_positions.ts";
import type { NextSymbols } from "../../src/device/decoding.ts";
import type {
  Answers,
  BatchFigures,
  Device,
  Differentiated,
  Examples,
  Executor,
  HeldExamples,
  Measurement,
  Regularization,
} from "../../src/device/executor.ts";
import type { Network } from "../../src/network/network.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { assertClose } from "../assert_close.ts";
import type { NetworkSize } from "../describe_two_tables.ts";
import { decodeSome } from "./decode_some.ts";
import { ADAM, drawRows, makeExamples, makeTrial, takeSteps, type Trial } from "./trial.ts";

/** What is computed with. */
export interface TrialSetup {
  readonly trial: Trial<Network>;
  readonly examples: Examples;
  readonly batchSize: number;
  /** What the second training is regularised by, and a gradient. Default: nothing. */
  readonly regularization?: Regularization | undefined;
}

/** What is computed of a network. */
export interface TrialResults {
  readonly network: Network;
  readonly differentiated: Differentiated;
  /** With the regularisation, if there is one. */
  readonly regularized?: Differentiated;
  /** Figures of two trainings of two steps, the last with a part of a batch. */
  readonly figures: readonly BatchFigures[];
  /** Parameters and the optimiser's state after each training. */
  readonly state: readonly NamedTensor[];
  readonly measurement: Measurement;
  readonly answers: Answers;
  /** Of the measured range, uint8 (N, T_out). */
  readonly targets: Uint8Array;
  /** Steps of a decoding, of a network that decodes. */
  readonly decoded: readonly NextSymbols[];
}

/** Largest errors: relative to a value, and relative to the largest value of its tensor. */
const TOLERANCE = { relative: 1e-4, ofLargest: 1e-5 };

/** Errors of figures and probabilities, whose values are about 1. */
const FIGURE_TOLERANCE = { relative: 1e-5, absolute: 1e-5 };

/** Computes everything for a network with the decoder `repeat`. */
export async function computeResults(
  device: Device,
  size: NetworkSize,
  batchSize: number,
): Promise<TrialResults> {
  const trial = makeTrial(size);
  const examples = makeExamples(trial.network, 2 * batchSize + 3);
  return await computeTrial(device, { trial, examples, batchSize });
}

/** Computes everything, in memory that was filled with NaN. */
export async function computeTrial(
  device: Device,
  { trial: { network, values }, examples, batchSize, regularization }: TrialSetup,
): Promise<TrialResults> {
  using executor = await device.load(network, values);
  assertEquals(executor.report.executor, device.report.executor); // kernels may give a network to tfjs
  using held = executor.hold(examples);
  if (device.report.executor === "kernels") { // tfjs itself makes every tensor anew
    await spoilMemory(executor, held, { examples, batchSize, regularization });
    executor.writeParameters(values);
  }
  const rows = drawRows(held.count, batchSize);
  const differentiated = await executor.differentiate(held, rows);
  const regularized = regularization &&
    await executor.differentiate(held, rows, { ...regularization, step: 3 });
  const order = drawRows(held.count, batchSize + Math.ceil(batchSize / 2), 4);
  const figures: BatchFigures[] = [];
  const state: NamedTensor[] = [];
  // where the gradients' norm is limited, an error of their scale would not show
  for (const clipNorm of [ADAM.clipNorm, 0]) {
    using optimizer = executor.createOptimizer({ ...ADAM, clipNorm });
    const plan = { examples: held, optimizer, order, batchSize };
    const regularized = clipNorm === 0 && regularization && { regularization };
    figures.push(...await takeSteps(executor, { ...plan, ...regularized }));
    state.push(...await executor.readState(optimizer));
  }
  const range = { from: 1, to: held.count - 1 };
  const measurement = await executor.measure(held, { ...range, answers: true, confidence: true });
  const sources = examples.sources.subarray(...bytesOf(range, network.inputLength));
  const answers = await executor.answer(sources, { probabilities: true });
  const targets = examples.targets.subarray(...bytesOf(range, network.outputLength));
  const decoded = await decodeSome(executor, sources);
  return {
    ...{ network, differentiated, figures, state, measurement, answers, targets, decoded },
    ...(regularized && { regularized }),
  };
}

/** Computes with NaN, so that a kernel that reads memory of an earlier computation gives NaN. */
async function spoilMemory(
  executor: Executor,
  held: HeldExamples,
  { examples, batchSize, regularization }: Omit<TrialSetup, "trial">,
): Promise<void> {
  executor.writeParameters(
    executor.network.parameters.map(({ shape }) =>
      new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(NaN)
    ),
  );
  const order = drawRows(held.count, batchSize);
  {
    using optimizer = executor.createOptimizer(ADAM);
    const plan = { examples: held, optimizer, order, batchSize };
    await takeSteps(executor, { ...plan, ...(regularization && { regularization }) });
  }
  await executor.differentiate(held, order);
  await executor.measure(held, { from: 0, to: held.count, answers: true });
  await decodeSome(executor, examples.sources);
}

function bytesOf({ from, to }: { from: number; to: number }, length: number): [number, number] {
  return [from * length, to * length];
}

/** Fails unless two executors computed the same, up to rounding. */
export function assertSameResults(found: TrialResults, expected: TrialResults): void {
  assertSameGradients(found.network, found.differentiated, expected.differentiated);
  if (expected.regularized) {
    assertSameGradients(found.network, found.regularized!, expected.regularized);
  }
  assertSameFigures(found.figures, expected.figures, "step");
  assertEquals(found.state.map(({ name }) => name), expected.state.map(({ name }) => name));
  expected.state.forEach(({ name, shape, values }, i) => {
    assertEquals(found.state[i]!.shape, shape);
    assertScaledClose(found.state[i]!.values, values, name);
  });
  assertSameAnswers(found, expected);
  assertRightSums(found);
  assertSameDecoded(found.decoded, expected.decoded);
}

function assertSameGradients(
  { parameters }: Network,
  found: Differentiated,
  expected: Differentiated,
): void {
  assertSameFigures([found.figures], [expected.figures], "batch");
  expected.gradients.forEach((gradient, i) =>
    assertScaledClose(found.gradients[i]!, gradient, `gradient of ${parameters[i]!.name}`)
  );
}

/** Fails unless the sums of a measurement are those of its answers. */
function assertRightSums({ network, answers, measurement, targets }: TrialResults): void {
  const counted = markCounted(network, Int32Array.from(targets));
  assertEquals(measurement.counted, counted.reduce((a, b) => a + b, 0));
  const T = network.outputLength;
  const right = targets.map((target, i) => Number(target === answers.characters[i]));
  const wrongRows = new Set<number>();
  right.forEach((value, i) => value < counted[i]! && wrongRows.add(Math.floor(i / T)));
  assertEquals(measurement.exactMatches, targets.length / T - wrongRows.size);
  if (network.decoder === "attention") return; // its characters are chosen after the right ones
  assertEquals(measurement.characters, right.reduce((a, b) => a + b, 0));
}

function assertSameDecoded(
  found: readonly NextSymbols[],
  expected: readonly NextSymbols[],
): void {
  assertEquals(found.length, expected.length);
  expected.forEach(({ probabilities, attention }, i) => {
    const step = found[i]!;
    assertClose(step.probabilities, probabilities, `decoded ${i}`, FIGURE_TOLERANCE);
    assertClose(step.attention, attention, `attention of ${i}`, FIGURE_TOLERANCE);
  });
}

function assertSameAnswers(found: TrialResults, expected: TrialResults): void {
  const { answers, measurement } = found;
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
