/** Reads small results from the device, and never without asking whether the device is well. @module */
import * as tf from "@tensorflow/tfjs";
import { webGpuBackend } from "./webgpu/device.ts";
import { checkDevice } from "./webgpu/shader.ts";

/** Results of as many steps as one read-back serves: on `webgpu` a reading stops the device for longer than a step takes. */
export function stepsPerReading(): number {
  return tf.getBackend() === "webgpu" ? 7 : 1; // tfjs concatenates 7 tensors in one dispatch
}

/**
 * Copies tensors to the host by one reading, and disposes of them.
 *
 * @throws {Error} if the device was lost or reported an error since the start: the values may be zeros then
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
    await checkDeviceInUse(); // its error says more than that of a failed reading
    tensor.dispose();
  }
}

/** Fails if the device in use was lost or reported an error. @throws {Error} that says how to go on */
export async function checkDeviceInUse(): Promise<void> {
  if (tf.getBackend() === "webgpu") await checkDevice(webGpuBackend().device);
}

/**
 * Passes an error on; if the device was lost, which the platform says a moment later, one that says so and how to go on.
 *
 * @throws always
 */
export async function explainError(error: unknown): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve));
  await checkDeviceInUse();
  throw error;
}
