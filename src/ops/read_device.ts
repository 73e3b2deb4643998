/** Reads small results from the device. Every read checks the device for errors. @module */
import * as tf from "@tensorflow/tfjs";
import { webGpuBackend } from "./webgpu/device.ts";
import { checkDevice } from "./webgpu/shader.ts";

/** Gives the number of steps whose results are read together. On `webgpu` a read-back stops the device for longer than a step takes. */
export function stepsPerReading(): number {
  return tf.getBackend() === "webgpu" ? 7 : 1; // tfjs concatenates 7 tensors in one dispatch
}

/**
 * Copies tensors to the host in one read-back, and disposes of them.
 *
 * @throws {Error} if the device was lost or has reported an error since the start; the values may then be zeros
 */
export async function readTogether(tensors: readonly tf.Tensor1D[]): Promise<Float32Array[]> {
  const sizes = tensors.map(({ size }) => size);
  const values = await readChecked(tensors.length === 1 ? tensors[0]! : tf.concat1d([...tensors]));
  tf.dispose([...tensors]);
  let at = 0;
  return sizes.map((size) => values.slice(at, at += size));
}

/** Copies one tensor to the host and disposes of it. @throws {Error} as `readTogether` */
async function readChecked(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return await tensor.data() as Float32Array;
  } finally {
    await checkDeviceInUse(); // its error is more precise than that of the read-back
    tensor.dispose();
  }
}

/** Checks the device in use. @throws {Error} if the device was lost or reported an error; the message says how to continue */
export async function checkDeviceInUse(): Promise<void> {
  if (tf.getBackend() === "webgpu") await checkDevice(webGpuBackend().device);
}

/**
 * Throws an error again. If the device was lost, which the platform reports a moment later, it throws the error of the lost device
 * instead, which says how to continue.
 *
 * @throws always
 */
export async function explainError(error: unknown): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve));
  await checkDeviceInUse();
  throw error;
}
