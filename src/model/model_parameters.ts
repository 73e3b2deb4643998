/** A model's parameters between its device and the host. @module */
import { checkParameters, type NamedTensor } from "../network/parameters.ts";
import { checkModel } from "./in_use.ts";
import type { Model } from "./model.ts";

/**
 * Copies a model's parameters to the host, all as of the same step, in the order of its layers.
 *
 * @throws {TypeError} if it is not a model
 * @throws {Error} if it was disposed of, or if the device was lost or failed
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createModel } from "@carry/seq2seq";
 * import { readParameters } from "@carry/seq2seq/parts";
 * import { assertEquals } from "@std/assert";
 *
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * const [kernel] = await readParameters(model);
 * assertEquals([kernel!.name, kernel!.shape], ["gru/kernel", [12, 24]]);
 * ```
 */
export async function readParameters(model: Model): Promise<NamedTensor[]> {
  checkModel("read parameters", model);
  const tensors = await model.executor.readState();
  return tensors.map(({ name, shape, values }) => ({ name, shape: [...shape], values })); // the network keeps its shapes
}

/**
 * Overwrites a model's parameters.
 *
 * @throws {TypeError} if they do not fit its config, or a value is not finite
 * @throws {Error} if the model was disposed of
 */
export function writeParameters(model: Model, values: readonly NamedTensor[]): void {
  checkModel("write parameters", model);
  const fitting = checkParameters(model.config, values);
  model.executor.writeParameters(fitting.map((tensor) => tensor.values));
}
