/** What computes in the playground: what is asked for, and how it is opened. @module */
import type { BackendRequest, DeviceOptions } from "../../device/choose.ts";
import type { Device } from "../../device/executor.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { ModelConfig } from "../../network/config.ts";

/** What is asked for to compute. */
export interface DeviceRequest {
  readonly backend: BackendRequest;
  /** Number of the processor's threads; absent for all. */
  readonly threads?: number;
}

/** Opens a device, as `chooseDevice()` does. */
export type OpenDevice = (backend: BackendRequest, options: DeviceOptions) => Promise<Device>;

/** Opens the device of a model. @throws {Error} if it is not available, with the reason */
export async function openRequested(
  open: OpenDevice,
  { backend, threads }: DeviceRequest,
  { cell, decoder }: Pick<ModelConfig, "cell" | "decoder">,
): Promise<Device> {
  return await open(backend, { cell, decoder, ...(threads !== undefined && { threads }) });
}

/** Chooses what continues a training that is not this page's: the processor if it began there, so that the result is the same. */
export function requestLike({ trainedOn }: Pick<Checkpoint, "trainedOn">): DeviceRequest {
  return { backend: trainedOn?.startsWith("cpu") ? "cpu" : "auto" };
}
