/** Chooses the device that `--backend`, `--executor` and `--threads` name. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import {
  type BackendRequest,
  BACKENDS,
  checkThreads,
  chooseDevice,
  type DeviceOptions,
  EXECUTORS,
  THREADS,
} from "../device/choose.ts";
import type { Device } from "../device/executor.ts";
import type { Cell, Decoder } from "../network/config.ts";
import type { TypedOptions } from "./options.ts";
import { checkTyped } from "./usage_error.ts";

/** What a command computes. */
export interface DeviceUse {
  /** The only cell that is computed. */
  readonly cell: Cell;
  /** The only decoder that is computed. */
  readonly decoder: Decoder;
  /** The backend if none is typed. Default `auto`. */
  readonly otherwise?: BackendRequest;
}

/** Chooses the device. @throws {UsageError} if one of the options is not possible */
export async function selectDevice(
  typed: TypedOptions,
  { cell, decoder, otherwise = "auto" }: DeviceUse,
): Promise<Device> {
  const requested = typed.choice("backend", BACKENDS) ?? otherwise;
  const executor = typed.choice("executor", EXECUTORS);
  const threads = typed.number("threads");
  if (threads !== undefined) {
    checkTyped(() => checkValue("set the threads", "the number", threads, THREADS));
  }
  const options: DeviceOptions = {
    ...{ cell, decoder },
    ...(executor && { executor }),
    ...(threads && { threads }),
  };
  checkTyped(() => checkThreads(requested, options));
  return await chooseDevice(requested, options);
}
