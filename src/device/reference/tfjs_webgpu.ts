/** tfjs's `webgpu` backend, and its device. @module */

/** The public functions of tfjs. */
export type Tfjs = typeof import("@tensorflow/tfjs");

/**
 * Loads tfjs, when something is to be computed by its operations.
 *
 * @throws {Error} if it cannot be loaded: a bundle may have left it out
 */
export async function importTfjs(): Promise<Tfjs> {
  try {
    return await import("@tensorflow/tfjs");
  } catch (cause) {
    throw new Error(
      `Cannot compute by tfjs's operations: the package @tensorflow/tfjs must be there, but loading it failed: ${
        cause instanceof Error ? cause.message : cause
      }`,
      { cause },
    );
  }
}

/** The priority with which tfjs's package registers its `webgpu` backend: the highest. */
const PRIORITY = 3;

/** What is starting or has started, by tfjs's engine. */
const STARTED = new WeakMap<object, Promise<GPUDevice>>();

/**
 * Starts tfjs's `webgpu` backend, if the host has not done so. Importing it makes it the one that tfjs chooses by itself, even on
 * software; that is undone, unless the host had imported it. The host can compute meanwhile.
 *
 * @returns its device
 * @throws {Error} if there is no adapter, or the adapter gives no device
 */
export function startTfjsWebGpu(tf: Tfjs): Promise<GPUDevice> {
  const engine = tf.engine();
  const known = STARTED.get(engine);
  if (known !== undefined) return known;
  const starting = start(tf);
  STARTED.set(engine, starting);
  starting.catch(() => STARTED.delete(engine)); // there may be an adapter later
  return starting;
}

async function start(tf: Tfjs): Promise<GPUDevice> {
  const imported = tf.engine().backendNames().includes("webgpu");
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  if (tf.getBackend() === "webgpu") await tf.ready(); // the host is starting it
  const { registry } = tf.engine();
  if (registry.webgpu === undefined) {
    // `tf.findBackend` would start it too, but until then no backend could compute
    const backend = await tf.findBackendFactory("webgpu")?.();
    if (backend === undefined) throw new Error("Cannot use WebGPU: this platform has none");
    tf.removeBackend("webgpu");
    tf.registerBackend("webgpu", () => backend, imported ? PRIORITY : 0);
  }
  const backend = tf.findBackend("webgpu");
  if (backend instanceof WebGPUBackend) return backend.device;
  throw new Error("Cannot use WebGPU: tfjs has another backend of that name");
}
