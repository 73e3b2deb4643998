/** Adam's moments for a model, and one training step. @module */
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../dataset/batches.ts";
import { type AdamTensors, type AdamUpdate, updateAdam } from "../ops/adam/adam.ts";
import { checkDeviceInUse, readTogether } from "../ops/read_device.ts";
import { type ResidentBatch, toTensors } from "../ops/resident_dataset/resident_dataset.ts";
import {
  BATCH_FIGURES,
  softmaxCrossEntropy,
} from "../ops/softmax_cross_entropy/softmax_cross_entropy.ts";
import { forward, variablesOf } from "../model/forward.ts";
import { createVariable, noteChange } from "../model/in_use.ts";
import type { Model, Parameter } from "../model/model.ts";
import { checkTensors, type NamedTensor } from "../network/parameters.ts";

/** Adam's moments of every parameter. They take memory on the device: declare it with `using`, or dispose of it. */
export interface Optimizer extends Disposable {
  /** First moments `adam/m/…`, then second moments `adam/v/…`, in the order of the parameters. */
  readonly moments: readonly Parameter[];
}

/** The metrics of a batch, before its update. */
export interface BatchFigures {
  /** Mean cross-entropy per target character, in nats. */
  readonly loss: number;
  /** Share of correct characters, padding included, from 0 to 1. */
  readonly characterAccuracy: number;
  /** Share of examples with every character correct, from 0 to 1. */
  readonly exactMatch: number;
}

/**
 * Makes Adam's moments for a model: zeros, or the values that were saved.
 *
 * @throws {TypeError} if saved moments do not fit the model
 */
export function createOptimizer(model: Model, saved?: readonly NamedTensor[]): Optimizer {
  const shapes = ["adam/m/", "adam/v/"].flatMap((prefix) =>
    model.parameters.map(({ name, variable }) => ({ name: prefix + name, shape: variable.shape }))
  );
  const values = saved === undefined ? undefined : checkMoments(shapes, saved);
  const moments: { readonly name: string; readonly variable: tf.Variable }[] = [];
  const dispose = (): void =>
    moments.forEach(({ variable }) => variable.isDisposed || variable.dispose());
  try {
    shapes.forEach(({ name, shape }, i) => {
      const zeros = (): Float32Array => new Float32Array(shape.reduce((a, b) => a * b, 1));
      moments.push({ name, variable: createVariable(values?.[i] ?? zeros(), shape) });
    });
  } catch (error) {
    dispose(); // one did not fit into memory
    throw error;
  }
  return { moments, [Symbol.dispose]: dispose };
}

/** Gives saved moments in the order of the shapes. @throws {TypeError} if one does not fit, or has an impossible value */
function checkMoments(
  shapes: readonly { readonly name: string; readonly shape: readonly number[] }[],
  saved: readonly NamedTensor[],
): Float32Array[] {
  checkTensors("restore Adam's state", saved);
  const byName = new Map(saved.map((tensor) => [tensor.name, tensor]));
  return shapes.map(({ name, shape }) => {
    const tensor = byName.get(name);
    const size = shape.reduce((a, b) => a * b, 1);
    if (tensor?.shape.join() !== shape.join() || tensor.values.length !== size) {
      throw new TypeError(
        `Cannot restore Adam's state: "${name}" must have the shape (${shape.join(", ")}), but ${
          tensor === undefined
            ? "is missing"
            : `has (${tensor.shape.join(", ")}) and ${tensor.values.length} values`
        }`,
      );
    }
    const least = name.startsWith("adam/v/") ? 0 : -Infinity; // v is a mean of squares
    const { values } = tensor;
    for (let i = 0; i < size; i++) {
      if (Number.isFinite(values[i]) && values[i]! >= least) continue;
      throw new TypeError(
        `Cannot restore Adam's state: every value of "${name}" must be finite${
          least === 0 ? ", and 0 or more" : ""
        }, but one is ${values[i]}`,
      );
    }
    return values.slice(); // a variable keeps the array that it is given
  });
}

/**
 * Takes one training step: forward, backward, Adam.
 *
 * @returns the batch's figures, still on the device, float32 (3) in the order of `BATCH_FIGURES`; the caller disposes of them
 */
export function takeStep(
  model: Model,
  optimizer: Optimizer,
  batch: Batch | ResidentBatch,
  update: AdamUpdate,
): tf.Tensor1D {
  noteChange(model);
  return tf.tidy(() => {
    const { figures, gradients } = differentiate(model, batch);
    updateAdam(adamTensors(model, optimizer, gradients), update);
    return figures;
  });
}

/** Computes a batch's figures and the gradient of its loss with respect to every parameter. */
export function differentiate(
  model: Model,
  batch: Batch | ResidentBatch,
): { figures: tf.Tensor1D; gradients: tf.Tensor[] } {
  const dFigures = tf.tensor1d([1, 0, 0]); // only the loss is differentiated
  const { value, grads } = tf.valueAndGrads((...parameters) =>
    tf.tidy(() => measure(model, parameters, batch).figures)
  )(
    variablesOf(model),
    dFigures,
  );
  dFigures.dispose();
  return { figures: value as tf.Tensor1D, gradients: grads };
}

/** The figures of a batch that is measured only, on the device. Who reads them disposes of them. */
export interface Measured {
  /** float32 (3), in the order of `BATCH_FIGURES` */
  readonly figures: tf.Tensor1D;
  /** If asked for: indices of the most probable characters, int32 (B, T_out). */
  readonly indices: tf.Tensor2D | undefined;
}

/** Measures a batch without training on it. It gives the answers too, if they are asked for. */
export function measureBatch(
  model: Model,
  batch: Batch | ResidentBatch,
  withIndices: boolean,
): Measured {
  const [figures, indices] = tf.tidy(() => {
    const { figures, logits } = measure(model, variablesOf(model), batch);
    return withIndices ? [figures, tf.argMax(logits, -1)] : [figures];
  });
  return { figures: figures as tf.Tensor1D, indices: indices as tf.Tensor2D | undefined };
}

/** Reads answers from the device and frees their memory. @throws {Error} if the device was lost or failed */
export async function readIndices(indices: tf.Tensor2D): Promise<Int32Array> {
  try {
    return await indices.data() as Int32Array;
  } finally {
    await checkDeviceInUse(); // a lost device may have given zeros
    indices.dispose();
  }
}

/** Reads figures from the device and frees their memory. @throws {Error} if the device was lost or failed */
export async function readFigures(tensor: tf.Tensor1D): Promise<BatchFigures> {
  return (await readFiguresTogether([tensor]))[0]!;
}

/** Reads the figures of some batches at once and frees their memory. @throws {Error} if the device was lost or failed */
export async function readFiguresTogether(
  tensors: readonly tf.Tensor1D[],
): Promise<BatchFigures[]> {
  return (await readTogether(tensors)).map((values) => ({
    loss: values[BATCH_FIGURES.loss]!,
    characterAccuracy: values[BATCH_FIGURES.characterAccuracy]!,
    exactMatch: values[BATCH_FIGURES.exactMatch]!,
  }));
}

/** Computes figures and logits of a batch. The caller calls it within `tf.tidy`. */
function measure(
  { config }: Model,
  parameters: readonly tf.Tensor[],
  batch: Batch | ResidentBatch,
): { figures: tf.Tensor1D; logits: tf.Tensor3D } {
  const { sources, targets } = toTensors(batch, config);
  const logits = forward(config, parameters, sources);
  return { figures: softmaxCrossEntropy(logits, targets), logits };
}

function adamTensors(
  model: Model,
  optimizer: Optimizer,
  gradients: readonly tf.Tensor[],
): AdamTensors[] {
  const parameters = variablesOf(model);
  const moments = optimizer.moments.map(({ variable }) => variable as tf.Variable);
  return parameters.map((parameter, i) => ({
    parameter,
    m: moments[i]!,
    v: moments[parameters.length + i]!,
    gradient: gradients[i]!,
  }));
}
