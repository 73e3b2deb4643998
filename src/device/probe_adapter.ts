/** Asks the platform for a WebGPU adapter. @module */
import { findMissingLimit } from "./adapter_limits.ts";

/** The platform's answer. */
export type AdapterProbe =
  | {
    readonly found: true;
    /** The adapter. It gives one device. */
    readonly adapter: GPUAdapter;
    /** Its name. */
    readonly label: string;
    /** Whether it computes on the processor. */
    readonly software: boolean;
    /** The limit that it does not meet, in words. */
    readonly lacks: string | undefined;
  }
  | { readonly found: false; readonly why: string };

/** Asks for an adapter. It never throws. */
export async function probeAdapter(): Promise<AdapterProbe> {
  const gpu = globalThis.navigator?.gpu;
  if (gpu === undefined) return { found: false, why: "this platform has no WebGPU" };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null) return { found: false, why: "no WebGPU adapter was found" };
    const { info } = adapter;
    const label = info.description || [info.vendor, info.architecture].filter(Boolean).join(" ");
    return {
      ...{ found: true, adapter },
      label: label || "unnamed adapter",
      software: info.isFallbackAdapter,
      lacks: findMissingLimit(adapter.limits),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { found: false, why: `asking for a WebGPU adapter failed: ${why}` };
  }
}
