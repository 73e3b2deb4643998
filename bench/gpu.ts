/**
 * Measures on the GPU a training step of the notebook's model by Carry, tfjs and the peers, and whole trainings with the default recipe.
 *
 * `deno task bench:gpu`; the options are in bench/README.md. With `train` as its first argument it is Carry's command line instead, so
 * that whole trainings run in processes of their own, also from a bundle.
 *
 * A peer that cannot run is reported as missing, with the reason. On a software adapter, whose speed says nothing about a GPU, no
 * whole training runs unless `--questions` is given.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { main } from "../src/cli/main.ts";
import type { TypedOptions } from "../src/cli/options.ts";
import { printError, printText } from "../src/cli/terminal.ts";
import { chooseDevice } from "../src/device/choose.ts";
import { startTfjsWebGpu } from "../src/device/reference/tfjs_webgpu.ts";
import { countDeviceCalls } from "../tests/device_calls.ts";
import {
  type BenchUsage,
  readBenchOptions,
  readCount,
  readCounts,
  readPositive,
} from "./bench_options.ts";
import { describeAdapter, describeLimits } from "./gpu_adapter.ts";
import { measurePeers, type PeerRow } from "./gpu_peers.ts";
import { formatReport, type GpuReport } from "./gpu_table.ts";
import { judge } from "./gpu_verdicts.ts";
import { compareSteps, type Row } from "./webgpu_step.ts";
import { trainOurs, trainPyTorch, type WholeTraining } from "./whole_training.ts";

const BATCH_SIZES = [64, 128, 1024, 8192];
/** On a software adapter. */
const SMALL_BATCH_SIZES = [64, 128];
const QUESTIONS = 50_000;

const USAGE: BenchUsage = {
  command: "deno task bench:gpu",
  summary:
    "measure a training step and whole trainings on the GPU, of Carry and of other frameworks",
  options: [
    {
      name: "batch-sizes",
      value: "N,…",
      help:
        `examples per step (default ${BATCH_SIZES}; ${SMALL_BATCH_SIZES} on a software adapter)`,
    },
    { name: "hidden-size", value: "N", help: "hidden size of the steps (default 128)" },
    { name: "rounds", value: "N", help: "number of rounds (default 5)" },
    { name: "seconds", value: "X", help: "seconds of Carry's steps a round (default 1)" },
    { name: "trainings", value: "N", help: "number of whole trainings, seeds from 1 (default 3)" },
    {
      name: "questions",
      value: "N",
      help:
        `questions of a whole training (default ${QUESTIONS}; no whole training on a software adapter)`,
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
  readonly hiddenSize: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly trainings: number;
  readonly questions: number | undefined;
  readonly device: string;
  readonly python: string;
  /** The folder with the scripts of the other frameworks. */
  readonly folder: string;
}

if (import.meta.main) {
  if (Deno.args[0] === "train") Deno.exit(await main(Deno.args));
  const options = readBenchOptions(Deno.args, USAGE, readOptions);
  const report = await measureAll(options);
  printText(
    options.json
      ? JSON.stringify({ ...report, verdicts: judge(report) }, null, 2)
      : formatReport(report),
  );
  Deno.exit(0); // the GPU's device would keep the process alive
}

function readOptions(typed: TypedOptions): GpuOptions {
  return {
    json: typed.flag("json"),
    batchSizes: readCounts(typed, "batch-sizes"),
    hiddenSize: readCount(typed, "hidden-size", 128),
    rounds: readCount(typed, "rounds", 5),
    seconds: readPositive(typed, "seconds", 1),
    trainings: readCount(typed, "trainings", 3),
    questions: typed.text("questions") === undefined ? undefined : readCount(typed, "questions", 1),
    device: typed.text("device") ?? "cuda",
    python: typed.text("python") ?? Deno.env.get("CARRY_PEERS_PYTHON") ?? "python3",
    folder: typed.text("peers") ?? new URL("peers", import.meta.url).pathname,
  };
}

async function measureAll(options: GpuOptions): Promise<GpuReport> {
  using calls = countDeviceCalls();
  const gpu = await startTfjsWebGpu(tf); // so that tfjs's layers and our kernels compute on the same device
  const device = await chooseDevice("webgpu", { gpu });
  await tf.setBackend("webgpu");
  const adapter = await describeAdapter();
  const isSoftware = adapter["isFallbackAdapter"] === true;
  const [steps, peers]: [Row[], PeerRow[]] = [[], []];
  for (const batchSize of options.batchSizes ?? (isSoftware ? SMALL_BATCH_SIZES : BATCH_SIZES)) {
    printError(`measuring steps of ${batchSize} examples`);
    const { hiddenSize, rounds, seconds } = options;
    const rows = await compareSteps(device, { hiddenSize, batchSize, rounds, seconds, calls });
    steps.push(...rows);
    const [firstLoss] = rows[0]!.firstLosses;
    peers.push(...await measurePeers({ batchSize, firstLoss: firstLoss! }, options));
  }
  const runsTrainings = options.questions !== undefined || !isSoftware;
  const trainings = runsTrainings ? await trainAll(options.questions ?? QUESTIONS, options) : [];
  return { adapter, limits: describeLimits(gpu), steps, peers, trainings };
}

async function trainAll(
  questions: number,
  { trainings, python, folder, device }: GpuOptions,
): Promise<WholeTraining[]> {
  const program = [Deno.execPath(), "run", "-A", Deno.mainModule];
  const script = `${folder}/pytorch_recipe.py`;
  const all: WholeTraining[] = [];
  for (let seed = 1; seed <= trainings; seed++) {
    printError(`training with seed ${seed}`);
    all.push(await trainOurs({ questions, seed }, { program, backend: "webgpu" }));
    all.push(await trainPyTorch({ questions, seed }, { python, script, device }));
  }
  return all;
}
