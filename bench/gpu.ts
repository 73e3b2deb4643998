// deno-lint-ignore-file no-console -- a bench prints what it measured
/**
 * The GPU: one training step of the notebook's model, ours, tfjs's and the peers', and a whole training with the default recipe.
 *
 * `deno task bench:gpu --batch-sizes 128,1024,8192 --rounds 5 --device cuda --python PATH --peers DIR --questions 50000 --json`
 *
 * A peer that cannot run is missing, with its reason. On a software adapter, whose speed says nothing of a card, no whole
 * training runs unless `--questions` is given.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../src/backend/backend.ts";
import { countDeviceCalls } from "../tests/device_calls.ts";
import { measurePeers, type PeerRow } from "./gpu_peers.ts";
import { formatReport, type GpuReport, judge } from "./gpu_table.ts";
import { prepareRace, raceOurs, racePyTorch } from "./time_to_match.ts";
import { compareSteps, type Row } from "./webgpu_step.ts";

if (import.meta.main) {
  const { json, ...typed } = parseArgs(Deno.args, {
    boolean: ["json"],
    string: ["batch-sizes", "rounds", "python", "peers", "device", "questions"],
  });
  const rounds = Number(typed.rounds ?? 5);
  const peerOptions = {
    python: typed.python ?? Deno.env.get("CARRY_PEERS_PYTHON") ?? "python3",
    folder: typed.peers ?? new URL("peers", import.meta.url).pathname,
    device: typed.device ?? "cuda",
    rounds,
  };
  using calls = countDeviceCalls();
  await selectBackend("webgpu");
  const adapter = await describeAdapter();
  const isSoftware = adapter["isFallbackAdapter"] === true;
  const [steps, peers]: [Row[], PeerRow[]] = [[], []];
  const batchSizes = typed["batch-sizes"] ?? (isSoftware ? "32,128" : "128,1024,8192");
  for (const batchSize of batchSizes.split(",").map(Number)) {
    const rows = await compareSteps(batchSize, rounds, calls);
    steps.push(...rows);
    peers.push(
      ...await measurePeers({ batchSize, firstLoss: rows[0]!.firstLosses[0]! }, peerOptions),
    );
  }
  const runsRace = typed.questions !== undefined || !isSoftware;
  const races = runsRace ? await race(Number(typed.questions ?? 50_000), peerOptions) : [];
  const report: GpuReport = { adapter, limits: describeLimits(), steps, peers, races };
  console.log(
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
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  const { description, vendor, architecture, device, isFallbackAdapter } = adapter!.info;
  return {
    ...{ adapter: description, vendor, architecture, device, isFallbackAdapter },
    driver: await askForDriver(),
    deno: Deno.version.deno,
    tfjs: tf.version["tfjs-core"],
  };
}

/** The driver's name and version, of which WebGPU says nothing, from the tools that come with drivers. */
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
  return "unknown: neither nvidia-smi nor vulkaninfo is there";
}

/** What a tool prints; undefined where it is not there or fails. */
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
