/** Tests whether the compute kernels of the backend in use give the same results as those of the CPU. @module */
import * as tf from "@tensorflow/tfjs";
import { createCharacterTable } from "../codec/character_table.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { updateAdam } from "./adam/adam.ts";
import { dense } from "./dense/dense.ts";
import { gru } from "./gru/gru.ts";
import { lstm } from "./lstm/lstm.ts";
import { checkDeviceInUse } from "./read_device.ts";
import type { RecurrentCell } from "./recurrent/recurrent_shape.ts";
import type { BatchTensors } from "./resident_dataset/batch_tensors.ts";
import { holdDataset, toTensors } from "./resident_dataset/resident_dataset.ts";
import { simpleRnn } from "./simple_rnn/simple_rnn.ts";
import { softmaxCrossEntropy } from "./softmax_cross_entropy/softmax_cross_entropy.ts";

/** Largest difference that rounding explains, for values near 1. */
const TOLERANCE = 1e-4;

const LAYERS = { lstm, gru, simple: simpleRnn } as const;
const GATES = { lstm: 4, gru: 3, simple: 1 } as const;

const PASSED = new WeakMap<object, Set<string>>();

/** Three examples with sources and targets of two characters. */
const EXAMPLES: Dataset = {
  table: createCharacterTable("abcdefg"),
  ...{ count: 3, inputLength: 2, outputLength: 2 },
  sources: Uint8Array.of(0, 3, 6, 1, 2, 2),
  targets: Uint8Array.of(1, 5, 0, 6, 4, 4),
};

/** B, T, H and V of the test: primes, so that every size leaves an incomplete tile. */
const [B, T, H, V] = [3, 2, 5, 7];

/**
 * Takes one small training step with every op of a model with this cell, and compares figures and parameters with those of the CPU.
 *
 * @returns what went wrong, or undefined if nothing did
 */
export async function testKernels(cell: RecurrentCell["name"]): Promise<string | undefined> {
  const passed = passedOn(tf.backend());
  if (passed.has(cell)) return undefined;
  const failure = await compareStep(cell);
  if (failure === undefined) passed.add(cell);
  return failure;
}

/** The cells that have passed on a backend; they are not tested again. */
function passedOn(backend: object): Set<string> {
  const passed = PASSED.get(backend) ?? new Set();
  PASSED.set(backend, passed);
  return passed;
}

async function compareStep(cell: RecurrentCell["name"]): Promise<string | undefined> {
  const backend = tf.getBackend();
  const found = await readStep(cell).catch((error: Error) => error.message);
  await tf.setBackend("cpu");
  const expected = await readStep(cell);
  await tf.setBackend(backend);
  if (typeof found === "string") return found;
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs(value - found[i]!);
    if (!(difference <= TOLERANCE)) {
      return `its compute kernels are wrong: value ${i} of a step of ${cell} is off by ${difference}`;
    }
  }
  return undefined;
}

/** Figures and updated parameters of one step, as one list. */
async function readStep(cell: RecurrentCell["name"]): Promise<number[]> {
  const results = tf.tidy(() => takeProbeStep(cell));
  const values = await Promise.all(results.map((result) => result.data()));
  tf.dispose(results);
  await checkDeviceInUse();
  return values.flatMap((each) => Array.from(each));
}

function takeProbeStep(cell: RecurrentCell["name"]): tf.Tensor[] {
  const width = GATES[cell] * H;
  const shapes = [
    ...[[V, width], [H, width], [width], [H, width], [H, width], [width], [H, V], [V]],
  ];
  const parameters = shapes.map((shape, i) => tf.variable(makeValues(shape, i)));
  using resident = holdDataset(EXAMPLES);
  const [batch] = resident.batches({ batchSize: B });
  const tensors = toTensors(batch!, EXAMPLES);
  const run = (...values: tf.Tensor[]): tf.Tensor => measure(cell, values, tensors);
  const dFigures = tf.tensor1d([1, 0, 0]);
  const { value, grads } = tf.valueAndGrads(run)([...parameters], dFigures);
  const moments = [...parameters, ...parameters].map(({ shape }) => tf.variable(tf.zeros(shape)));
  const rates = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-3 };
  updateAdam(
    parameters.map((parameter, i) => ({
      parameter,
      m: moments[i]!,
      v: moments[parameters.length + i]!,
      gradient: grads[i]!,
    })),
    { step: 1, ...rates, weightDecay: 0.1, clipNorm: 0.1 },
  );
  tf.dispose(moments);
  return [value, ...parameters];
}

function measure(
  cell: RecurrentCell["name"],
  values: readonly tf.Tensor[],
  { sources, targets }: BatchTensors,
): tf.Tensor {
  const layer = LAYERS[cell];
  const weights = [values.slice(0, 3), values.slice(3, 6)].map((three) => ({
    kernel: three[0] as tf.Tensor2D,
    recurrentKernel: three[1] as tf.Tensor2D,
    bias: three[2] as tf.Tensor1D,
  }));
  const encoded = layer({ kind: "indices", indices: sources }, weights[0]!, "last");
  const vector: tf.Tensor2D = tf.reshape(encoded, [B, H]);
  const repeated = layer({ kind: "repeated", vector, timeSteps: T }, weights[1]!);
  const states = layer({ kind: "sequence", sequence: repeated }, weights[1]!);
  const logits = dense(states, values[6] as tf.Tensor2D, values[7] as tf.Tensor1D);
  return softmaxCrossEntropy(logits, targets);
}

/** Values between -1 and 1, no two alike. */
function makeValues(shape: readonly number[], phase: number): tf.Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: count }, (_, n) => Math.cos(phase + 1.3 * n)),
    [...shape],
  );
}
