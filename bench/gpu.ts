/**
 * Measures on the GPU one training step of the notebook's model by Carry, tfjs and the peers, and a whole training with the default recipe.
 *
 * `deno task bench:gpu --batch-sizes 128,1024,8192 --rounds 5 --device cuda --python PATH --peers DIR --questions 50000 --json`
 *
 * A peer that cannot run is reported as missing, with the reason. On a software adapter, whose speed says nothing about a GPU, no
 * whole training runs unless `--questions` is given.
 *
 * @module
 */
import { quietDrivers } from "../src/backend/quiet_drivers.ts";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../src/backend/backend.ts";
import type { TypedOptions } from "../src/cli/options.ts";
import { printText } from "../src/cli/terminal.ts";
import { UsageError } from "../src/cli/usage_error.ts";
import { countDeviceCalls } from "../tests/device_calls.ts";
import { type BenchUsage, readBenchOptions, readCount } from "./bench_options.ts";
import { measurePeers, type PeerRow } from "./gpu_peers.ts";
import { formatReport, type GpuReport, judge } from "./gpu_table.ts";
import { prepareRace, raceOurs, racePyTorch } from "./time_to_match.ts";
import { compareSteps, type Row } from "./webgpu_step.ts";

const USAGE: BenchUsage = {
  command: "deno task bench:gpu",
  summary:
    "measure a training step and a whole training on the GPU, of Carry and of other frameworks",
  options: [
    {
      name: "batch-sizes",
      value: "N,…",
      help: "examples per step (default 128,1024,8192; 32,128 on a software adapter)",
    },
    { name: "rounds", value: "N", help: "number of rounds (default 5)" },
    {
      name: "questions",
      value: "N",
      help:
        "questions of the whole training (default 50000; no whole training on a software adapter)",
    },
    { name: "device", value: "NAME", help: "device of the other frameworks (default cuda)" },
    {
      name: "python",
      value: "PATH",
      help: "Python that has the frameworks (default: $CARRY_PEERS_PYTHON, else python3)",
    },
    { name: "peers", value: "DIR", help: "folder with their scripts (default: bench/peers)" },
    { name: "json", help: "print JSON instead of tables" },
  ],
  examples: ["--batch-sizes 128 --rounds 3", "--device cpu --json"],
};

interface GpuOptions {
  readonly json: boolean;
  readonly batchSizes: readonly number[] | undefined;
  readonly rounds: number;
  readonly questions: number | undefined;
  readonly device: string;
  readonly python: string;
  /** The folder with the scripts of the other frameworks. */
  readonly folder: string;
}

function readOptions(typed: TypedOptions): GpuOptions {
  const batchSizes = typed.text("batch-sizes")?.split(",").map(Number);
  if (batchSizes?.some((size) => !(Number.isSafeInteger(size) && size > 0))) {
    throw new UsageError(
      `Cannot read --batch-sizes: they must be positive integers such as 128,1024, but are "${
        typed.text("batch-sizes")
      }"`,
    );
  }
  return {
    json: typed.flag("json"),
    batchSizes,
    rounds: readCount(typed, "rounds", 5),
    questions: typed.text("questions") === undefined ? undefined : readCount(typed, "questions", 1),
    device: typed.text("device") ?? "cuda",
    python: typed.text("python") ?? Deno.env.get("CARRY_PEERS_PYTHON") ?? "python3",
    folder: typed.text("peers") ?? new URL("peers", import.meta.url).pathname,
  };
}

if (import.meta.main) {
  const { json, batchSizes: givenSizes, questions, ...peerOptions } = readBenchOptions(
    Deno.args,
    USAGE,
    readOptions,
  );
  const { rounds } = peerOptions;
  using calls = countDeviceCalls();
  await selectBackend("webgpu");
  const adapter = await describeAdapter();
  const isSoftware = adapter["isFallbackAdapter"] === true;
  const [steps, peers]: [Row[], PeerRow[]] = [[], []];
  const batchSizes = givenSizes ?? (isSoftware ? [32, 128] : [128, 1024, 8192]);
  for (const batchSize of batchSizes) {
    const rows = await compareSteps(batchSize, rounds, calls);
    steps.push(...rows);
    peers.push(
      ...await measurePeers({ batchSize, firstLoss: rows[0]!.firstLosses[0]! }, peerOptions),
    );
  }
  const runsRace = questions !== undefined || !isSoftware;
  const races = runsRace ? await race(questions ?? 50_000, peerOptions) : [];
  const report: GpuReport = { adapter, limits: describeLimits(), steps, peers, races };
  printText(
    json ? JSON.stringify({ ...report, verdicts: judge(report) }, null, 2) : formatReport(report),
  );
}

async function race(
  questions: number,
  { python, folder, device }: { python: string; folder: string; device: string },
): Promise<GpuReport["races"]> {
  const split = await prepareRace(questions);
  const ours = await raceOurs(split);
  const script = `${folder}/pytorch_recipe.py`;
  const theirs = await racePyTorch(split, { python, script, device }).catch((error: Error) => ({
    contestant: `PyTorch on ${device}`,
    missing: error.message,
  }));
  return [ours, theirs];
}

async function describeAdapter(): Promise<Record<string, string | boolean>> {
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

function describeLimits(): Record<string, number> {
  const { limits } = (tf.backend() as unknown as { device: GPUDevice }).device;
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
