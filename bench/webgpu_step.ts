/**
 * Measures a training step of the notebook's model on WebGPU: our compute kernels and a tfjs LayersModel, in turns, on the same adapter.
 *
 * Calls of the device are counted by wrapping its methods. Times are medians over the rounds: of a step whose loss is read, and for
 * ours also of ten steps of which only the last loss is read.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { createModel } from "../src/model/create_model.ts";
import type { Model } from "../src/model/model.ts";
import {
  createOptimizer,
  type Optimizer,
  readFigures,
  takeStep,
} from "../src/training/optimizer.ts";
import type { DeviceCalls } from "../tests/device_calls.ts";
import { createLayersModel } from "./peers/tfjs_layers.ts";
import { median } from "./round.ts";
import { configureTask, makeBatch, makeFirstWeights, NOTEBOOK_UPDATE } from "./task.ts";

/** The figures of one contestant at one batch size. */
export interface Row {
  readonly contestant: string;
  readonly batchSize: number;
  /** Median milliseconds per step. */
  readonly stepMs: number;
  readonly firstLosses: readonly number[];
  /** Calls of the device per step. */
  readonly calls: DeviceCalls;
}

/** Takes some steps and gives the last one's loss. */
type Run = (steps: number) => Promise<number>;

/** Measures ours and tfjs's at a batch size, on the backend in use. */
export async function compareSteps(
  batchSize: number,
  rounds: number,
  calls: DeviceCalls,
): Promise<Row[]> {
  const config = configureTask(128, 3);
  using model = await createModel(config, { parameters: makeFirstWeights(config) });
  using optimizer = createOptimizer(model);
  const ours = prepareOurs(model, optimizer, batchSize);
  const layers = prepareLayers(batchSize);
  const contestants = [
    { contestant: "Carry", run: ours, steps: 1 },
    { contestant: "tfjs LayersModel", run: layers, steps: 1 },
    { contestant: "Carry, loss of every 10th step", run: ours, steps: 10 },
  ];
  const seen = contestants.map(() => ({ times: [] as number[], losses: [] as number[] }));
  const counts: DeviceCalls[] = [];
  for (let round = -2; round < rounds; round++) { // two more rounds first, for compilation
    for (const [i, { run, steps }] of contestants.entries()) {
      const before = { ...calls };
      const started = performance.now();
      const loss = await run(steps);
      const elapsed = (performance.now() - started) / steps;
      counts[i] = difference(calls, before, steps);
      seen[i]!.losses.push(loss);
      if (round >= 0) seen[i]!.times.push(elapsed);
    }
  }
  return contestants.map(({ contestant }, i) => ({
    contestant,
    batchSize,
    stepMs: median(seen[i]!.times),
    firstLosses: seen[i]!.losses.slice(0, 2),
    calls: counts[i]!,
  }));
}

function prepareOurs(model: Model, optimizer: Optimizer, batchSize: number): Run {
  const batch = makeBatch(model.config, batchSize);
  let step = 0;
  return async (steps) => {
    for (let i = 1; i < steps; i++) {
      takeStep(model, optimizer, batch, { ...NOTEBOOK_UPDATE, step: ++step }).dispose();
    }
    const figures = takeStep(model, optimizer, batch, { ...NOTEBOOK_UPDATE, step: ++step });
    return (await readFigures(figures)).loss;
  };
}

function prepareLayers(batchSize: number): Run {
  const config = configureTask(128, 3);
  const V = config.characters.length;
  const batch = makeBatch(config, batchSize);
  const model = createLayersModel(config);
  const x = oneHot(batch.sources, [batchSize, config.inputLength, V]);
  const y = oneHot(batch.targets, [batchSize, config.outputLength, V]);
  return async () => await model.trainOnBatch(x, y) as number;
}

/** Makes one-hot vectors on the host: those of tfjs, cast to float32, make its transposition on `webgpu` invalid under Deno (tfjs 4.22). */
function oneHot(indices: Int32Array, shape: [number, number, number]): tf.Tensor {
  const values = new Float32Array(indices.length * shape[2]);
  indices.forEach((index, i) => values[i * shape[2] + index] = 1);
  return tf.tensor(values, shape);
}

function difference(calls: DeviceCalls, before: DeviceCalls, steps: number): DeviceCalls {
  const names = ["dispatches", "submits", "readBacks", "buffers", "bindGroups"] as const;
  return Object.fromEntries(
    names.map((name) => [name, (calls[name] - before[name]) / steps]),
  ) as unknown as DeviceCalls;
}
