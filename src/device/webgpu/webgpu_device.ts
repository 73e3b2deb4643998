/** A GPU that models can be loaded on. @module */
import type { Clock } from "../../time/clock.ts";
import type { Network } from "../../network/network.ts";
import { checkParameterValues } from "../check_arguments.ts";
import type { Device, DeviceReport, Executor } from "../executor.ts";
import { DeviceBuffers } from "./device_buffers.ts";
import { findMisfit, findParametersMisfit } from "./find_misfit.ts";
import { sizeNetwork } from "./network_sizes.ts";
import { layOutParameters } from "./parameter_layout.ts";
import { checkDevice } from "./pipelines.ts";
import type { DeviceLimits, LaidOutNetwork } from "./laid_out_network.ts";
import { WebGpuExecutor } from "./webgpu_executor.ts";

/** What a device uses besides the GPU. */
export interface WebGpuOptions {
  /** Clock in milliseconds, by which the GPU is given about a tenth of a second of work at once. Default: the platform's. */
  readonly now?: Clock;
  /** Limits to keep within. Default: those of the GPU's device. */
  readonly limits?: DeviceLimits;
}

/**
 * Makes a device of a GPU's device, which stays the caller's.
 *
 * @param found the request, and the reason for this device
 */
export function createWebGpuDevice(
  gpu: GPUDevice,
  found: Pick<DeviceReport, "requested" | "reason" | "adapter">,
  { now = () => performance.now(), limits = gpu.limits }: WebGpuOptions = {},
): Device {
  const report: DeviceReport = { ...found, backend: "webgpu", executor: "kernels", threads: 1 };
  return {
    report,
    findMisfit: (network, batchSize) => findMisfit(layOut(network, limits), batchSize),
    async load(network, values): Promise<Executor> {
      checkParameterValues("load the network", network, values);
      const laidOut = layOut(network, limits);
      const misfit = findParametersMisfit(laidOut);
      if (misfit !== undefined) return await loadReference(found, misfit, network, values);
      const buffers = new DeviceBuffers(gpu);
      try {
        gpu.pushErrorScope("out-of-memory");
        let verdict: Promise<GPUError | null>;
        let executor: Executor;
        try {
          executor = new WebGpuExecutor(gpu, { report, laidOut, values, buffers, now });
        } finally {
          verdict = gpu.popErrorScope();
        }
        checkMemory(await verdict);
        await checkDevice(gpu);
        return executor;
      } catch (error) {
        buffers[Symbol.dispose]();
        throw error;
      }
    },
  };
}

function layOut(network: Network, limits: DeviceLimits): LaidOutNetwork {
  return { network, limits, sizes: sizeNetwork(network), parameters: layOutParameters(network) };
}

function checkMemory(error: GPUError | null): void {
  if (error === null) return;
  throw new Error(
    `Cannot load the network: its parameters do not fit into the memory of the WebGPU adapter: ${error.message}`,
  );
}

/** Loads a network that the shaders cannot compute by tfjs's operations, which keep each parameter in a buffer of its own. */
async function loadReference(
  found: Pick<DeviceReport, "requested" | "reason" | "adapter">,
  misfit: string,
  network: Network,
  values: readonly Float32Array[],
): Promise<Executor> {
  const { createReferenceDevice } = await import("../reference/reference_device.ts");
  const reason = `${found.reason}; by tfjs's operations, because ${misfit}`;
  const device = await createReferenceDevice("webgpu", { ...found, reason });
  return await device.load(network, values);
}
