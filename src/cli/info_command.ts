/** `info`: versions, backends and why. @module */
import * as tf from "@tensorflow/tfjs";
import { type BackendReport, type BackendRequest, selectBackend } from "../backend/backend.ts";
import { threadCount } from "../backend/threads.ts";
import { kernelBuild } from "../ops/kernels.ts";
import { type Command, JSON_OPTION } from "./command.ts";
import type { TypedOptions } from "./options.ts";
import { print } from "./terminal.ts";
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
    throw new UsageError(`Cannot inform of "${typed.positionals[0]}": info takes options only`);
  }
  const info = {
    carry: VERSION,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    tfjs: tf.version["tfjs-core"],
    platform: `${Deno.build.os} ${Deno.build.arch}`,
    cores: navigator.hardwareConcurrency,
    threads: threadCount(),
    kernels: kernelBuild(),
    backends: {
      webgpu: await describeBackend("webgpu"),
      cpu: await describeBackend("cpu"),
      auto: await describeBackend("auto"),
    },
  };
  if (typed.flag("json")) {
    print(JSON.stringify(info));
    return 0;
  }
  print(`carry ${info.carry}, deno ${info.deno}, v8 ${info.v8}, tfjs ${info.tfjs}`);
  print(
    `${info.platform}, ${info.cores} cores; cpu computes on ${info.threads} threads, kernels ${info.kernels}`,
  );
  for (const [name, text] of Object.entries(info.backends)) print(`${name.padEnd(7)} ${text}`);
  return 0;
}

async function describeBackend(requested: BackendRequest): Promise<string> {
  try {
    const { name, reason }: BackendReport = await selectBackend(requested);
    if (requested === "auto") return `takes ${name}: ${reason}`;
    return name === "webgpu" ? `can be had: ${reason}` : "can be had";
  } catch (error) {
    return (error as Error).message;
  }
}
