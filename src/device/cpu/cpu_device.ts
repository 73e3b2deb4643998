/** The processor as a device: WebAssembly kernels, on several threads where there are any. @module */
import type { Network } from "../../network/network.ts";
import type { BackendName, Device, DeviceReport, Executor } from "../executor.ts";
import { findCpuMisfit } from "./cpu_cost.ts";
import { CpuExecutor } from "./cpu_executor.ts";
import { chooseKernelBuild, type KernelBuild } from "./kernel_build.ts";
import { countThreads } from "./platform_threads.ts";

/** How to make the device. */
export interface CpuDeviceOptions {
  /** Most threads of an executor, from 1 to 256. Results do not depend on it. Default: the number of processors. */
  readonly threads?: number;
  /** What was asked for. Default `cpu`. */
  readonly requested?: BackendName | "auto";
  /** Why the processor computes. Default: it was asked for. */
  readonly reason?: string;
  /** Name of a WebGPU adapter that was found and is not used. */
  readonly adapter?: string;
  /** The build of the compute kernels. Default: the one for this platform. */
  readonly build?: KernelBuild;
}

/** Makes the device. Nothing is started: each executor has a memory, an instance and threads of its own, when it needs them. */
export function createCpuDevice(
  { threads, requested = "cpu", reason = "requested", adapter, build }: CpuDeviceOptions = {},
): Device {
  const { most, why } = countThreads();
  const alone = why !== undefined && threads !== 1;
  const report: DeviceReport = Object.freeze({
    ...{ backend: "cpu", executor: "kernels", requested },
    reason: alone ? `${reason}; one thread, because ${why}` : reason,
    ...(adapter !== undefined && { adapter }),
    ...{ threads: most === 1 ? 1 : threads ?? most, build: build ?? chooseKernelBuild() },
  });
  return {
    report,
    findMisfit: (network, batchSize) =>
      findCpuMisfit(network, { examples: batchSize, threads: report.threads }),
    load(network: Network, values: readonly Float32Array[]): Promise<Executor> {
      try {
        return Promise.resolve(new CpuExecutor({ report, network, values, build }));
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
}
