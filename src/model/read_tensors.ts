/** Parameters between the device and the host. @module */
import * as tf from "@tensorflow/tfjs";
import { checkValue } from "../arguments/resolve_options.ts";
import { isObject, type Rule } from "../arguments/rule.ts";
import { checkDeviceInUse } from "../ops/read_device.ts";
import { checkModel, checkVariables, noteChange } from "./in_use.ts";
import type { Model, Parameter } from "./model.ts";
import { checkParameters, type NamedTensor } from "../network/parameters.ts";

const TENSORS: Pick<Rule<Iterable<Parameter>>, "must" | "findFault"> = {
  must: "parameters of a model, or other named tensors",
  findFault: (value) =>
    typeof value === "object" && value !== null && Symbol.iterator in value ? undefined : "type",
};

const TENSOR: typeof TENSORS = {
  must: "a name and a tensor on the device",
  findFault: (value) =>
    isObject(value) && typeof value.name === "string" && isObject(value.variable) &&
      typeof value.variable.data === "function"
      ? undefined
      : "type",
};

/**
 * Copies tensors of a model or a training to the host, with one wait for the device.
 *
 * @throws {TypeError} if one is not a named tensor on the device
 * @throws {Error} if one was disposed of, is on a backend that is not in use, or if the device was lost or failed
 */
export async function readTensors(
  tensors: Iterable<Parameter>,
): Promise<NamedTensor[]> {
  checkValue("read tensors", "the tensors", tensors, TENSORS);
  const all = Array.from(tensors);
  all.forEach((tensor, i) => checkValue("read tensors", `tensor ${i}`, tensor, TENSOR));
  checkVariables("read tensors", all, "the owner of the tensors");
  const read = await Promise.all(
    all.map(async ({ name, variable }): Promise<NamedTensor> => ({
      ...{ name, shape: [...variable.shape] },
      values: Float32Array.from(await variable.data()),
    })),
  );
  await checkDeviceInUse(); // a lost device may have given zeros
  return read;
}

/**
 * Overwrites a model's parameters.
 *
 * @throws {TypeError} if they do not fit its config, or a value is not finite
 * @throws {Error} if the model was disposed of, or is on a backend that is not in use
 */
export function writeParameters(model: Model, values: readonly NamedTensor[]): void {
  checkModel("write parameters", model);
  const fitting = checkParameters(model.config, values);
  noteChange(model);
  model.parameters.forEach(({ variable }, i) => {
    const { shape, values } = fitting[i]!;
    const copy = values.slice(); // a tensor keeps the array that it is given
    tf.tidy(() => (variable as tf.Variable).assign(tf.tensor(copy, [...shape], "float32")));
  });
}
