/** A device that computes by tfjs's own operations: the reference of every other device. @module */
import type { BackendName, Device, DeviceReport, Executor } from "../executor.ts";
import { ReferenceExecutor } from "./reference_executor.ts";
import { startTfjs } from "./tfjs_backend.ts";

/**
 * Makes a device that computes by tfjs's public operations and takes gradients by its tape. It is slow and plain, and computes
 * every network. tfjs is imported when this is called.
 *
 * @param found what was asked for, and why it is this backend
 * @throws {Error} if the backend cannot be started
 */
export async function createReferenceDevice(
  backend: BackendName,
  found: Pick<DeviceReport, "requested" | "reason" | "adapter">,
): Promise<Device> {
  const tfjs = await startTfjs(backend);
  const report: DeviceReport = { ...found, backend, executor: "reference", threads: 1 };
  return {
    report,
    findMisfit: () => undefined, // how much memory tfjs needs is not known
    load: (network, values): Promise<Executor> =>
      new Promise((resolve) => resolve(new ReferenceExecutor(tfjs, report, network, values))),
  };
}
