/**
 * Measures a training step of the notebook's model on WebGPU, in turns: ours as the training takes it, and a tfjs LayersModel on the
 * same adapter, whose loss is read after every step.
 *
 * Calls of the device are counted by wrapping its methods.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Device } from "../src/device/executor.ts";
import type { DeviceCalls } from "../tests/device_calls.ts";
import { createLayersModel } from "./peers/tfjs_layers.ts";
import { median } from "./round.ts";
import { loadStepper } from "./steps.ts";
import { configureTask, makeBatch } from "./task.ts";

/** Calls of the device that are counted. */
const COUNTED = ["dispatches", "submits", "readBacks"] as const;

/** Counts of calls per step. */
export type CallsPerStep = Readonly<Record<typeof COUNTED[number], number>>;

/** The figures of one contestant at one batch size. */
export interface Row {
  readonly contestant: "Carry" | "tfjs LayersModel";
  readonly batchSize: number;
  /** Median over the rounds of the milliseconds per step. */
  readonly stepMs: number;
  /** Median over the rounds of the milliseconds per step in calls that begin and take steps, without `submit()` and the wait in `mapAsync()`. Only for ours. */
  readonly scriptMs?: number;
  /** Median over the rounds of the milliseconds per step in `submit()`. A software adapter may compute in it. */
  readonly submitMs: number;
  readonly firstLosses: readonly number[];
  readonly calls: CallsPerStep;
}

/** How to measure. */
export interface StepsMeasure {
  readonly hiddenSize: number;
  readonly batchSize: number;
  readonly rounds: number;
  /** Length of a round of ours. */
  readonly seconds: number;
  readonly calls: DeviceCalls;
}

/** A round of one contestant. */
interface Round {
  readonly stepMs: number;
  readonly scriptMs?: number;
  readonly submitMs: number;
  readonly losses: readonly number[];
  readonly calls: CallsPerStep;
}

/** Fewest steps of a round, and most rows of its order: 64 MiB. */
const LEAST_STEPS = 3;
const MOST_ROWS = 2 ** 24;
/** Steps of the first round, which compiles. */
const FIRST_STEPS = 2;

/** Measures ours and tfjs's at a batch size. */
export async function compareSteps(device: Device, measure: StepsMeasure): Promise<Row[]> {
  const { hiddenSize, batchSize, rounds, seconds, calls } = measure;
  using ours = await loadStepper(device, { hiddenSize, digits: 3, batchSize });
  const layers = prepareLayers(hiddenSize, batchSize);
  const takeOurs = (count: number): Promise<Round> =>
    measureRound(count, calls, async () => {
      const { figures, callsMs } = await ours.take(count);
      return { losses: figures.map(({ loss }) => loss), callsMs };
    });
  const takeLayers = (count: number): Promise<Round> =>
    measureRound(count, calls, async () => {
      const losses: number[] = [];
      while (losses.length < count) losses.push(await layers());
      return { losses };
    });

  const firstOurs = await takeOurs(FIRST_STEPS);
  const firstLayers = await takeLayers(FIRST_STEPS);
  const { stepMs } = await takeOurs(LEAST_STEPS);
  const most = Math.max(LEAST_STEPS, Math.floor(MOST_ROWS / batchSize));
  const count = Math.min(most, Math.max(LEAST_STEPS, Math.ceil(1000 * seconds / stepMs)));
  const [seenOurs, seenLayers]: [Round[], Round[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    seenOurs.push(await takeOurs(count));
    seenLayers.push(await takeLayers(1));
  }
  return [
    { contestant: "Carry", batchSize, ...summarize(seenOurs, firstOurs) },
    { contestant: "tfjs LayersModel", batchSize, ...summarize(seenLayers, firstLayers) },
  ];
}

async function measureRound(
  count: number,
  calls: DeviceCalls,
  take: () => Promise<{ readonly losses: readonly number[]; readonly callsMs?: number }>,
): Promise<Round> {
  using submitting = timeMethod(GPUQueue.prototype, "submit");
  using mapping = timeMethod(GPUBuffer.prototype, "mapAsync"); // under Deno it waits for the device before it returns
  const before = { ...calls };
  const started = performance.now();
  const { losses, callsMs } = await take();
  const stepMs = (performance.now() - started) / count;
  const [submitMs, mapMs] = [submitting.elapsedMs / count, mapping.elapsedMs / count];
  const perStep = (name: typeof COUNTED[number]): number => (calls[name] - before[name]) / count;
  const [dispatches, submits, readBacks] = COUNTED.map(perStep) as [number, number, number];
  return {
    ...{ losses, stepMs, submitMs, calls: { dispatches, submits, readBacks } },
    ...(callsMs !== undefined && { scriptMs: callsMs / count - submitMs - mapMs }),
  };
}

function summarize(
  rounds: readonly Round[],
  first: Round,
): Omit<Row, "contestant" | "batchSize"> {
  const scripts = rounds.flatMap(({ scriptMs }) => scriptMs === undefined ? [] : [scriptMs]);
  return {
    stepMs: median(rounds.map(({ stepMs }) => stepMs)),
    ...(scripts.length > 0 && { scriptMs: median(scripts) }),
    submitMs: median(rounds.map(({ submitMs }) => submitMs)),
    firstLosses: first.losses,
    calls: rounds.at(-1)!.calls,
  };
}

/** Measures the time in the calls of a method until it is disposed of. A promise that it gives is not waited for. */
function timeMethod(prototype: object, name: string): { readonly elapsedMs: number } & Disposable {
  const methods = prototype as Record<string, (...given: unknown[]) => unknown>;
  const original = methods[name]!;
  let elapsedMs = 0;
  methods[name] = function (this: unknown, ...given: unknown[]): unknown {
    const started = performance.now();
    try {
      return original.apply(this, given);
    } finally {
      elapsedMs += performance.now() - started;
    }
  };
  return {
    get elapsedMs(): number {
      return elapsedMs;
    },
    [Symbol.dispose]: () => void (methods[name] = original),
  };
}

/** Makes tfjs's model on its backend `webgpu`, and gives a function that takes one step. */
function prepareLayers(hiddenSize: number, batchSize: number): () => Promise<number> {
  const config = configureTask(hiddenSize, 3);
  const { source, target } = config;
  const V = target.symbols.length;
  const batch = makeBatch(config, batchSize);
  const model = createLayersModel(config);
  const x = oneHot(batch.sources, [batchSize, source.length, V]);
  const y = oneHot(batch.targets, [batchSize, target.length, V]);
  return async () => await model.trainOnBatch(x, y) as number;
}

/** Makes one-hot vectors on the host: those of tfjs, cast to float32, make its transposition on `webgpu` invalid under Deno (tfjs 4.22). */
function oneHot(indices: Uint8Array, shape: [number, number, number]): tf.Tensor {
  const values = new Float32Array(indices.length * shape[2]);
  indices.forEach((index, i) => values[i * shape[2] + index] = 1);
  return tf.tensor(values, shape);
}
