/** `info`: prints versions and the available backends. @module */
import { chooseDevice, EXECUTORS } from "../device/choose.ts";
import type { BackendName } from "../device/executor.ts";
import { wrapWords } from "../evaluation/columns.ts";
import { type Command, JSON_OPTION } from "./command.ts";
import type { TypedOptions } from "./options.ts";
import { lineColumns, print, printJson } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** The command. */
export const INFO_COMMAND: Command = {
  options: [JSON_OPTION],
  examples: ["info", "info --json"],
  run: runInfo,
};

async function runInfo(typed: TypedOptions): Promise<number> {
  if (typed.positionals.length > 0) {
    throw new UsageError(`Cannot describe "${typed.positionals[0]}": info takes options only`);
  }
  const { version } = await import("@tensorflow/tfjs");
  const { threads, build } = (await chooseDevice("cpu")).report;
  const info = {
    carry: VERSION,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    tfjs: version["tfjs-core"],
    platform: `${Deno.build.os} ${Deno.build.arch}`,
    cores: navigator.hardwareConcurrency,
    ...{ threads, kernels: build },
    executors: EXECUTORS,
    backends: await describeBackends(),
  };
  if (typed.flag("json")) {
    printJson(info);
    return 0;
  }
  const { webgpu, auto } = info.backends;
  const lines = [
    `carry ${info.carry}, deno ${info.deno}, v8 ${info.v8}, tfjs ${info.tfjs}`,
    `${info.platform}, ${info.cores} cores`,
    `webgpu  ${webgpu.available ? "available" : "not available"}: ${webgpu.reason}`,
    `cpu     available: ${info.threads} threads, ${info.kernels} kernels`,
    `auto    selects ${auto.selected}: ${auto.reason}`,
    `executors: ${info.executors.join(", ")} (default ${info.executors[0]})`,
  ];
  for (const line of lines) wrapWords(line, lineColumns(), 8).forEach(print);
  return 0;
}

interface BackendsInfo {
  readonly webgpu: {
    readonly available: boolean;
    readonly reason: string;
    /** Name of the adapter; null if there is none. */
    readonly adapter: string | null;
  };
  readonly cpu: { readonly available: true };
  readonly auto: { readonly selected: BackendName; readonly reason: string };
}

/** Describes the backends. It looks for the adapter only as often as needed, because each time starts the drivers. */
async function describeBackends(): Promise<BackendsInfo> {
  const { backend: selected, reason, adapter = null } = (await chooseDevice("auto")).report;
  const auto = { selected, reason };
  const cpu = { available: true } as const;
  if (selected === "webgpu") return { webgpu: { available: true, reason, adapter }, cpu, auto };
  if (adapter === null) return { webgpu: { available: false, reason, adapter }, cpu, auto };
  return { webgpu: { ...await tryWebGpu(), adapter }, cpu, auto };
}

async function tryWebGpu(): Promise<{ available: boolean; reason: string }> {
  try {
    return { available: true, reason: (await chooseDevice("webgpu")).report.reason };
  } catch (error) {
    return { available: false, reason: (error as Error).message };
  }
}
