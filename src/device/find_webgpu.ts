/** Looks for WebGPU, and starts a device on it that passes its test. @module */
import { type Cell, CELLS, type Decoder, DECODERS } from "../network/config.ts";
import { findMissingLimit } from "./adapter_limits.ts";
import type { BackendName, Device, DeviceReport, ExecutorName } from "./executor.ts";
import { openGpu } from "./open_gpu.ts";
import { type AdapterProbe, probeAdapter } from "./probe_adapter.ts";
import { testDevice } from "./self_test.ts";
import { createWebGpuDevice } from "./webgpu/webgpu_device.ts";

/** What is asked of a device. */
export interface Wanted {
  readonly executor: ExecutorName;
  readonly threads?: number;
  readonly cell?: Cell;
  readonly decoder?: Decoder;
  readonly gpu?: GPUDevice;
}

/** Why a device is taken. */
export type Found = Pick<DeviceReport, "requested" | "reason" | "adapter">;

/** A device, or why there is none. */
export type Search = { readonly device: Device } | {
  readonly why: string;
  readonly adapter?: string;
};

/**
 * Looks for an adapter, and starts a device on it.
 *
 * @param requested `auto` takes no software adapter
 */
export async function findWebGpu(
  requested: DeviceReport["requested"],
  wanted: Wanted,
): Promise<Search> {
  const probe = await probeAdapter();
  if (!probe.found) return { why: probe.why };
  const { label: adapter, software } = probe;
  if (software && requested === "auto") {
    return { why: `the WebGPU adapter is software (${adapter})`, adapter };
  }
  const lacks = probe.lacks ?? (wanted.gpu && findMissingLimit(wanted.gpu.limits));
  if (lacks !== undefined) {
    return { why: `the WebGPU adapter ${adapter} is too small: ${lacks}`, adapter };
  }
  const kind = software ? "software adapter" : "hardware adapter";
  const reason = `${kind} ${adapter}, self-test passed`;
  try {
    return { device: await startWebGpu(probe, wanted, { requested, reason, adapter }) };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { why: `WebGPU on ${adapter} failed: ${failure}`, adapter };
  }
}

/** Makes a device that computes by tfjs, which is loaded only then. */
export async function createReference(backend: BackendName, found: Found): Promise<Device> {
  const { createReferenceDevice } = await import("./reference/reference_device.ts");
  return await createReferenceDevice(backend, found);
}

/** Starts a device, and tests it. @throws {Error} if it fails its test */
async function startWebGpu(
  { adapter }: AdapterProbe & { readonly found: true },
  { executor, cell, decoder, gpu: given }: Wanted,
  found: Found,
): Promise<Device> {
  const isReference = executor === "reference";
  const gpu = isReference ? await openTfjsGpu() : given ?? await openGpu(adapter);
  const device = isReference
    ? await createReference("webgpu", found)
    : createWebGpuDevice(gpu, found);
  const failure = await testDevice(device, gpu, {
    cells: cell === undefined ? CELLS : [cell],
    decoders: decoder === undefined ? DECODERS : [decoder],
  });
  if (failure === undefined) return device;
  throw new Error(failure);
}

async function openTfjsGpu(): Promise<GPUDevice> {
  const { importTfjs, startTfjsWebGpu } = await import("./reference/tfjs_webgpu.ts");
  return await startTfjsWebGpu(await importTfjs());
}
