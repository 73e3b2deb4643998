/**
 * Chooses the device that computes, and gives the reason.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import { choice } from "../arguments/rule.ts";
import * as tf from "@tensorflow/tfjs";
import { findMissingLimit } from "./adapter_limits.ts";
import { quietDrivers } from "./quiet_drivers.ts";
import { testBackend } from "./self_test.ts";

/** A device that tfjs computes on. */
export type BackendName = "webgpu" | "cpu";

/** A request for a device, or for the best one (`auto`). */
export type BackendRequest = BackendName | "auto";

/** The choice and its reason. */
export interface BackendReport {
  /** The device that computes. */
  readonly name: BackendName;
  /** The request. */
  readonly requested: BackendRequest;
  /** The reason, for people. */
  readonly reason: string;
  /** Name of the WebGPU adapter, if one was found. */
  readonly adapter?: string;
}

/** The platform's answer about its WebGPU adapter. */
type AdapterProbe =
  | {
    readonly found: true;
    readonly label: string;
    readonly software: boolean;
    /** The limit that it does not meet, in words. */
    readonly lacks: string | undefined;
  }
  | { readonly found: false; readonly why: string };

let selected: BackendReport | undefined;

/**
 * Sets the device that tfjs computes on, for the whole process.
 *
 * `auto` takes WebGPU if its adapter is hardware and passes a small self-test, else the CPU.
 *
 * @throws {TypeError | RangeError} if the request is not one of the three
 * @throws {Error} if `webgpu` is requested and not available, with the reason
 * @example
 * ```ts
 * import { selectBackend } from "@carry/seq2seq";
 *
 * const { name, reason } = await selectBackend("cpu");
 * console.log(`${name}: ${reason}`); // cpu: as asked
 * ```
 */
export async function selectBackend(requested: BackendRequest = "auto"): Promise<BackendReport> {
  checkValue("select a backend", "it", requested, choice(["auto", "webgpu", "cpu"]));
  tf.enableProdMode(); // no banner, no shape checks that cost a tenth of a small step
  if (requested === "cpu") return selected = await useCpu({ requested, reason: "as asked" });
  using _ = quietDrivers();
  return selected = await selectWebGpu(requested);
}

/** A further test of the backend in use, beyond its own self-test. It says what went wrong, if anything. */
export type BackendTest = () => Promise<string | undefined>;

/**
 * Gives the device in use. If none was chosen yet, it chooses as `auto` does.
 *
 * If a further test is given, WebGPU must pass it; otherwise `auto` falls back to the CPU.
 *
 * @throws {Error} if `webgpu` was requested and fails the test
 */
export async function ensureBackend(test?: BackendTest): Promise<BackendReport> {
  selected ??= await selectBackend("auto");
  if (selected.name !== "webgpu" || test === undefined) return selected;
  const failure = await test();
  if (failure === undefined) return selected;
  const { requested, adapter } = selected;
  const why = `WebGPU on ${adapter} failed: ${failure}`;
  return selected = await refuseWebGpu(requested as "auto" | "webgpu", why, adapter);
}

async function selectWebGpu(requested: "auto" | "webgpu"): Promise<BackendReport> {
  const probe = await probeAdapter();
  if (!probe.found) return await refuseWebGpu(requested, probe.why);
  const { label: adapter, software } = probe;
  if (software && requested === "auto") {
    return await refuseWebGpu(requested, `the WebGPU adapter is software (${adapter})`, adapter);
  }
  if (probe.lacks !== undefined) {
    const why = `the WebGPU adapter ${adapter} is too small: ${probe.lacks}`;
    return await refuseWebGpu(requested, why, adapter);
  }
  const failure = await startWebGpu();
  if (failure !== undefined) {
    return await refuseWebGpu(requested, `WebGPU on ${adapter} failed: ${failure}`, adapter);
  }
  const kind = software ? "software adapter" : "hardware adapter";
  return { name: "webgpu", requested, adapter, reason: `${kind} ${adapter}, self-test passed` };
}

/** Falls back to the CPU if the request allows it, with the reason. */
async function refuseWebGpu(
  requested: "auto" | "webgpu",
  why: string,
  adapter?: string,
): Promise<BackendReport> {
  if (requested === "webgpu") {
    throw new Error(
      `Cannot use WebGPU: ${why}; use the backend "cpu", or "auto" to fall back automatically`,
    );
  }
  return await useCpu({ requested, reason: why, ...(adapter === undefined ? {} : { adapter }) });
}

async function useCpu(report: Omit<BackendReport, "name">): Promise<BackendReport> {
  await tf.setBackend("cpu");
  await tf.ready();
  return { name: "cpu", ...report };
}

async function probeAdapter(): Promise<AdapterProbe> {
  const gpu = globalThis.navigator?.gpu;
  if (gpu === undefined) return { found: false, why: "this platform has no WebGPU" };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null) return { found: false, why: "no WebGPU adapter was found" };
    const { info } = adapter;
    const label = info.description || [info.vendor, info.architecture].filter(Boolean).join(" ");
    return {
      found: true,
      label: label || "unnamed adapter",
      software: info.isFallbackAdapter,
      lacks: findMissingLimit(adapter.limits),
    };
  } catch (error) {
    return { found: false, why: `asking for a WebGPU adapter failed: ${describeError(error)}` };
  }
}

/** Starts tfjs's WebGPU backend and tests it; says what failed. */
async function startWebGpu(): Promise<string | undefined> {
  try {
    await import("@tensorflow/tfjs-backend-webgpu");
    return await testBackend("webgpu");
  } catch (error) {
    return describeError(error);
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
