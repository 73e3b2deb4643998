/** Chooses the device that computes, and gives the reason. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { choice, integer, isObject, optional, type Rule } from "../arguments/rule.ts";
import { type Cell, CELLS, type Decoder, DECODERS } from "../network/config.ts";
import { createCpuDevice } from "./cpu/cpu_device.ts";
import { MAX_THREADS } from "./cpu/thread_worker.ts";
import type { BackendName, Device, ExecutorName } from "./executor.ts";
import { createReference, findWebGpu, type Found, type Wanted } from "./find_webgpu.ts";
import { quietDrivers } from "./quiet_drivers.ts";

/** A request for a backend, or for the best one (`auto`). */
export type BackendRequest = BackendName | "auto";

/** Every request, for checks and help texts. */
export const BACKENDS: readonly BackendRequest[] = ["auto", "webgpu", "cpu"];

/** Every executor, for checks and help texts. */
export const EXECUTORS: readonly ExecutorName[] = ["kernels", "reference"];

/** What else to ask of a device. */
export interface DeviceOptions {
  /** How it computes: by our compute kernels, or by tfjs's operations, which are slow and plain. Default `kernels`. */
  readonly executor?: ExecutorName;
  /** Number of the processor's threads that the kernels of `cpu` use, 1 to 256; `auto` uses it if it takes the CPU. Results do not depend on it. Default: all. */
  readonly threads?: number;
  /** The only cell that will be computed. Default: every one. A GPU is tested with it before it is used. */
  readonly cell?: Cell;
  /** The only decoder that will be computed. Default: both. A GPU is tested with it before it is used. */
  readonly decoder?: Decoder;
  /**
   * The GPU's device to compute on, which stays the caller's: that of tfjs's `webgpu` backend, for example. It must be of the adapter
   * that the platform prefers. Default: one that all models of the program share. The reference computes on tfjs's.
   */
  readonly gpu?: GPUDevice;
}

const ACTION = "choose a device";

/** The rule for a number of threads. */
export const THREADS: Rule<number> = integer(1, MAX_THREADS);

/** A class of this name is not on every platform, so its methods tell. */
const GPU_DEVICE: Rule<GPUDevice> = {
  must: "a GPUDevice",
  findFault: (value) =>
    isObject(value) && isObject(value.limits) && typeof value.createComputePipeline === "function"
      ? undefined
      : "type",
};

const RULES: Rules<DeviceOptions> = {
  executor: choice(EXECUTORS),
  threads: optional(THREADS),
  cell: optional(choice(CELLS)),
  decoder: optional(choice(DECODERS)),
  gpu: optional(GPU_DEVICE),
};

/**
 * Chooses a device that models can be made on.
 *
 * `auto` takes WebGPU if its adapter is hardware and passes a small self-test, else the CPU.
 *
 * @throws {TypeError | RangeError} if the request is not one of the three, an option is unknown or wrong, or threads are asked of
 *   `webgpu` or the reference, or a GPU is given to `cpu` or the reference
 * @throws {Error} if `webgpu` is requested and not available, with the reason
 * @example
 * ```ts
 * import { chooseDevice } from "@carry/seq2seq";
 *
 * const device = await chooseDevice("cpu");
 * console.log(`${device.report.backend}: ${device.report.reason}`); // cpu: as asked
 * ```
 */
export async function chooseDevice(
  backend: BackendRequest = "auto",
  options: DeviceOptions = {},
): Promise<Device> {
  checkValue(ACTION, "backend", backend, choice(BACKENDS));
  const wanted: Wanted = resolveOptions(options, {
    ...{ action: ACTION, rules: RULES, defaults: { executor: "kernels" } },
  });
  checkThreads(backend, wanted);
  checkGpuUse(backend, wanted);
  if (backend === "cpu") return await useCpu(wanted, { requested: backend, reason: "as asked" });
  using _ = quietDrivers();
  const found = await findWebGpu(backend, wanted);
  if ("device" in found) return found.device;
  const { why: reason, adapter } = found;
  if (backend === "auto") {
    return await useCpu(wanted, { requested: backend, reason, ...(adapter && { adapter }) });
  }
  throw new Error(
    `Cannot use WebGPU: ${reason}; use the backend "cpu", or "auto" to fall back automatically`,
  );
}

/** Checks that threads are asked only of what may have several. @throws {RangeError} if not */
export function checkThreads(
  backend: BackendRequest,
  { executor = "kernels", threads }: DeviceOptions,
): void {
  if (threads === undefined || (backend !== "webgpu" && executor === "kernels")) return;
  const what = backend === "webgpu" ? 'the backend "webgpu"' : 'the executor "reference"';
  throw new RangeError(
    `Cannot ${ACTION}: only the kernels of the CPU have threads, but ${threads} are asked of ${what}`,
  );
}

/** Checks that a GPU is given only to what would compute on it. @throws {RangeError} if not */
function checkGpuUse(backend: BackendRequest, { executor, gpu }: Wanted): void {
  if (gpu === undefined || (backend !== "cpu" && executor === "kernels")) return;
  const what = backend === "cpu" ? 'the backend "cpu"' : 'the executor "reference"';
  throw new RangeError(
    `Cannot ${ACTION}: only the kernels of WebGPU compute on a given GPU, but one is given to ${what}`,
  );
}

async function useCpu({ executor, threads }: Wanted, found: Found): Promise<Device> {
  return executor === "reference"
    ? await createReference("cpu", found)
    : createCpuDevice({ ...found, ...(threads && { threads }) });
}
