/** A small program that uses the library as others do: it trains, saves, continues, loads and predicts. @module */
import { generateAddition, practiseAddition, resolveAddition } from "../../addition.ts";
import { decodeCheckpoint, encodeCheckpoint, takeCheckpoint } from "../../checkpoint.ts";
import {
  characterLayout,
  createDataset,
  createModel,
  createTraining,
  type Device,
  loadModel,
  type Model,
  predict,
  splitDataset,
  train,
  type Training,
} from "../../mod.ts";
import { CpuExecutor } from "../../src/device/cpu/cpu_executor.ts";

/** What the program gives. It can go between threads and processes as JSON. */
export interface ProgramResult {
  /** What computed, and why. */
  readonly report: Device["report"];
  /** Number of the processor's threads that were running at the end. */
  readonly runningThreads: number;
  /** SHA-256 of the parameters and of Adam's moments after the whole training. */
  readonly sha256: string;
  /** What the model that was loaded from the bytes answers. */
  readonly answers: readonly string[];
  /** How sure it is of them. */
  readonly probabilities: readonly number[];
  /** Whether the trained model answers the same. */
  readonly same: boolean;
}

const PROBLEM = resolveAddition({ digits: 2, examples: 600, seed: 3 });

/** Trains one epoch, saves, continues from the bytes to the last epoch, loads the result and asks it. */
export async function runProgram(device: Device, epochs = 20): Promise<ProgramResult> {
  const layout = characterLayout(" +0123456789", {
    ...{ inputLength: 5, outputLength: 3, reverse: true },
  });
  const dataset = createDataset(generateAddition(PROBLEM), layout);
  const split = splitDataset(dataset, { seed: 1, ...practiseAddition() });
  const config = { cell: "lstm", hiddenSize: 64, layers: 1, ...layout } as const;
  const options = { epochs, batchSize: 64, swap: true, weighted: true, seed: 4 };
  const save = async (training: Training): Promise<Uint8Array<ArrayBuffer>> =>
    await encodeCheckpoint(await takeCheckpoint(training, PROBLEM));
  using model = await createModel(config, { device, seed: 2 });
  using first = createTraining(model, options);
  for await (const { event } of train(first, split)) if (event === "epoch") break;
  const half = await decodeCheckpoint(await save(first));
  using continued = await createModel(half.model, { device, parameters: half.parameters });
  using second = createTraining(continued, half.training, half);
  for await (const _ of train(second, split));
  const bytes = await save(second);
  using loaded = await loadModel(bytes, { device });
  const questions = ["12+34", "7+8", "99+1"];
  const answers = await predict(loaded, questions);
  return {
    ...{
      report: device.report,
      runningThreads: countRunning(continued),
      sha256: await hashState(bytes),
    },
    answers: answers.map(({ answer }) => answer),
    probabilities: answers.map(({ probability }) => probability),
    same: JSON.stringify(await predict(continued, questions)) === JSON.stringify(answers),
  };
}

function countRunning({ executor }: Model): number {
  return executor instanceof CpuExecutor ? executor.engine.runningThreads : 1;
}

/** The file itself names times and the computer, which differ. */
async function hashState(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { parameters, moments } = await decodeCheckpoint(bytes);
  const parts = [...parameters, ...moments].map(({ values }) =>
    new Uint8Array(values.slice().buffer)
  );
  const all = new Uint8Array(await new Blob(parts).arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
  return hash.reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), "");
}
