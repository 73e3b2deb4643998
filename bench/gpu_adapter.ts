/** Describes the WebGPU adapter that a bench ran on. @module */
import * as tf from "@tensorflow/tfjs";
import { quietDrivers } from "../src/device/quiet_drivers.ts";

/** Describes the adapter, its driver and the versions of what uses it. */
export async function describeAdapter(): Promise<Record<string, string | boolean>> {
  using _quiet = quietDrivers();
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  const { description, vendor, architecture, device, isFallbackAdapter } = adapter!.info;
  return {
    ...{ adapter: description, vendor, architecture, device, isFallbackAdapter },
    driver: await askForDriver(),
    deno: Deno.version.deno,
    tfjs: tf.version["tfjs-core"],
  };
}

/** Reads the limits of a device that decide how a step is divided. */
export function describeLimits({ limits }: GPUDevice): Record<string, number> {
  const names = [
    "maxStorageBufferBindingSize",
    "maxBufferSize",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupStorageSize",
    "maxComputeWorkgroupsPerDimension",
    "maxStorageBuffersPerShaderStage",
  ] as const;
  return Object.fromEntries(names.map((name) => [name, limits[name]]));
}

/** Reads the driver's name and version, which WebGPU does not report, with the tools that come with drivers. */
async function askForDriver(): Promise<string> {
  const tools = [
    { tool: "nvidia-smi", args: ["--query-gpu=name,driver_version", "--format=csv,noheader"] },
    { tool: "vulkaninfo", args: ["--summary"] },
  ];
  for (const { tool, args } of tools) {
    const output = await askTool(tool, args);
    if (output === undefined) continue;
    const lines = output.split("\n").map((line) => line.trim());
    const told = tool === "nvidia-smi"
      ? lines
      : lines.filter((line) => /^driver\w+\s*=/.test(line));
    return told.filter(Boolean).map((line) => line.replace(/\s+/g, " ")).join(", ");
  }
  return "unknown: neither nvidia-smi nor vulkaninfo is installed";
}

/** Gives the output of a tool; undefined if it is not installed or fails. */
async function askTool(tool: string, args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(tool, { args, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
