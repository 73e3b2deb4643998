/** Computing on a backend of tfjs, for a program that may use tfjs itself. @module */
import type { Tensor } from "@tensorflow/tfjs";
import type { BackendName } from "../executor.ts";
import { checkGpu, watchGpu } from "../gpu_failure.ts";

/** The public functions of tfjs. */
export type Tfjs = typeof import("@tensorflow/tfjs");

/** A backend of tfjs. */
export interface TfjsBackend {
  /** tfjs. */
  readonly tf: Tfjs;
  /**
   * Runs something on the backend, which may not be asynchronous. Tensors that it makes are disposed of, except those that it keeps
   * by `tf.keep`. tfjs's own backend and flags are then as they were before.
   */
  run<T>(compute: () => T): T;
  /**
   * Runs something on the backend, and copies the tensors that it gives to the host.
   *
   * @throws {Error} if the device was lost or reported an error
   */
  read(compute: () => readonly Tensor[]): Promise<Float32Array[]>;
}

/** A backend of this name exists only while none is set again. */
const NONE = "carry-none";

/**
 * Starts a backend of tfjs. The one that is in use, and the one that tfjs would choose itself, stay the same.
 *
 * @throws {Error} if `webgpu` cannot be started
 */
export async function startTfjs(name: BackendName): Promise<TfjsBackend> {
  const tf = await import("@tensorflow/tfjs");
  const device = name === "webgpu" ? await startTfjsWebGpu(tf) : undefined;
  if (device !== undefined) watchGpu(device);
  const run = <T>(compute: () => T): T => runOn(tf, name, compute);
  return { tf, run, read: (compute) => readTensors(tf, run(() => compute().map(tf.keep)), device) };
}

/** Copies tensors to the host, and disposes of them. */
async function readTensors(
  tf: Tfjs,
  tensors: Tensor[],
  device: GPUDevice | undefined,
): Promise<Float32Array[]> {
  try {
    const values = await Promise.all(tensors.map((tensor) => tensor.data()));
    return values.map((each) => Float32Array.from(each)); // tfjs may keep the arrays that it gives
  } finally {
    tf.dispose(tensors);
    if (device !== undefined) {
      await new Promise((resolve) => setTimeout(resolve)); // the platform reports a loss a moment later
      checkGpu(device); // otherwise the values may be zeros; its error says how to continue
    }
  }
}

/**
 * Starts tfjs's `webgpu` backend, without making it the one that tfjs would choose itself.
 *
 * @returns its device
 * @throws {Error} if there is no adapter, or the adapter gives no device
 */
export async function startTfjsWebGpu(tf: Tfjs): Promise<GPUDevice> {
  const known = tf.engine().backendNames().includes("webgpu"); // by the host; its priority stays
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  const { registry } = tf.engine();
  if (registry.webgpu === undefined) {
    // tf.findBackend() would do it too, but no backend could compute until it has started
    const backend = await tf.findBackendFactory("webgpu")?.();
    if (backend === undefined) throw new Error("Cannot use WebGPU: this platform has none");
    if (registry.webgpu === undefined) {
      tf.removeBackend("webgpu");
      tf.registerBackend("webgpu", () => backend, known ? 3 : 0);
    }
  }
  const backend = tf.findBackend("webgpu");
  if (backend instanceof WebGPUBackend) return backend.device;
  throw new Error("Cannot use WebGPU: tfjs has another backend of that name");
}

/** Sets a backend that has started, which tfjs does at once although it gives a promise. */
function runOn<T>(tf: Tfjs, name: BackendName, compute: () => T): T {
  const before = tf.getBackend() as string | undefined;
  const quick = tf.env().getBool("PROD");
  tf.env().set("PROD", true); // no banner, no shape checks that cost a tenth of a small step
  try {
    tf.setBackend(name);
    let result: { readonly value: T } | undefined;
    tf.tidy(() => {
      result = { value: compute() };
    });
    return result!.value;
  } finally {
    if (before) tf.setBackend(before);
    else setNone(tf);
    tf.env().set("PROD", quick);
  }
}

/** Makes tfjs have no backend, so that it chooses one when it needs one: removing the one in use does so. */
function setNone(tf: Tfjs): void {
  const none = Object.assign(new tf.KernelBackend(), { dispose: () => {} });
  tf.registerBackend(NONE, () => none, 0);
  tf.setBackend(NONE);
  tf.removeBackend(NONE);
}
