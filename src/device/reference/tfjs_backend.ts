/** Computing on a backend of tfjs, for a program that may use tfjs itself. @module */
import type { Tensor } from "@tensorflow/tfjs";
import type { BackendName } from "../executor.ts";
import { checkGpu, watchGpu } from "../gpu_failure.ts";
import { importTfjs, startTfjsWebGpu, type Tfjs } from "./tfjs_webgpu.ts";

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
  const tf = await importTfjs();
  const device = name === "webgpu" ? await startTfjsWebGpu(tf) : undefined;
  if (device !== undefined) watchGpu(device);
  const run = <T>(compute: () => T): T => runOn(tf, name, compute);
  return { tf, run, read: (compute) => readTensors(tf, run, compute, device) };
}

/** Runs something, and copies the tensors that it gives to the host. */
async function readTensors(
  tf: Tfjs,
  run: TfjsBackend["run"],
  compute: () => readonly Tensor[],
  device: GPUDevice | undefined,
): Promise<Float32Array[]> {
  let tensors: Tensor[] = [];
  try {
    tensors = run(() => compute().map(tf.keep));
    const values = await Promise.all(tensors.map((tensor) => tensor.data()));
    return values.map((each) => Float32Array.from(each)); // tfjs may keep the arrays that it gives
  } finally {
    tf.dispose(tensors);
    if (device !== undefined) {
      await new Promise((resolve) => setTimeout(resolve)); // the platform reports a loss a moment later
      checkGpu(device); // its error is more precise than tfjs's, and without an error the values may be zeros
    }
  }
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
