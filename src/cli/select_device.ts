/** Selects the device that `--backend` and `--threads` name. @module */
import { type BackendReport, type BackendRequest, selectBackend } from "../backend/backend.ts";
import { setThreads } from "../backend/threads.ts";
import type { TypedOptions } from "./options.ts";
import { checkTyped } from "./usage_error.ts";

/** Sets the threads and selects the backend. @throws {UsageError} if one of them is not possible */
export async function selectDevice(
  typed: TypedOptions,
  otherwise: BackendRequest = "auto",
): Promise<BackendReport> {
  const requested = typed.choice("backend", ["auto", "webgpu", "cpu"] as const) ?? otherwise;
  const threads = typed.number("threads");
  checkTyped(() => setThreads(threads));
  return await selectBackend(requested);
}
