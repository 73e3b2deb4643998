/** Measures how long a whole training takes to reach 99 % exact match on the validation split: ours, and PyTorch's with the same recipe. @module */
import { createModel } from "../src/model/create_model.ts";
import { resolveAddition } from "../src/problem/addition.ts";
import { prepareSplit } from "../src/dataset/prepare_split.ts";
import type { Split } from "../src/dataset/split.ts";
import { drawEpoch } from "../src/dataset/order.ts";
import { runAtOnce } from "../src/time/slices.ts";
import { resolvePractice } from "../src/training/options.ts";
import { train } from "../src/training/train.ts";
import { createTraining } from "../src/training/create_training.ts";
import { configureTask } from "./task.ts";

/** The figures of a training after an epoch. */
interface Epoch {
  readonly exactMatch: number;
  /** Seconds since the first step, including evaluation. */
  readonly seconds: number;
}

/** The result of a training. */
export interface Race {
  readonly contestant: string;
  readonly history: readonly Epoch[];
  /** Seconds to the end of the first epoch with 99 % exact match; null if it was not reached. */
  readonly secondsTo99: number | null;
}

/** The default training, as the command `train` has it. */
const OPTIONS = resolvePractice({}, "lstm");

/** Makes the split on which both train: the default problem with some number of questions. */
export function prepareRace(count: number): Promise<Split> {
  const problem = resolveAddition({ digits: 3, examples: count });
  return prepareSplit({ problem, training: OPTIONS });
}

/** Trains our model with the default recipe, on the backend in use. */
export async function raceOurs(split: Split): Promise<Race> {
  using model = await createModel(configureTask(128, 3), { seed: 0 });
  using training = createTraining(model, OPTIONS);
  const history: Epoch[] = [];
  const started = performance.now();
  for await (const event of train(training, split, { samples: 0 })) {
    if (event.event !== "epoch") continue;
    const seconds = (performance.now() - started) / 1000;
    history.push({ exactMatch: event.exactMatch, seconds });
  }
  return summarize("Carry", history);
}

/** Trains PyTorch's model with the same recipe. @throws {Error} if it cannot run, with the reason */
export async function racePyTorch(
  split: Split,
  { python, script, device }: { python: string; script: string; device: string },
): Promise<Race> {
  const file = await Deno.makeTempFile();
  try {
    const { training, withSwapped, validation, weights } = split;
    const { seed, epochs, swap } = OPTIONS;
    const orders = Array.from({ length: epochs }, (_, i) => {
      const draw = { seed, epoch: i + 1, swap, weights };
      return new Uint8Array(runAtOnce(drawEpoch(training.count, draw)).slice().buffer);
    });
    const sides = [withSwapped!, validation].flatMap(({ sources, targets }) => [sources, targets]);
    await Deno.writeFile(file, joinBytes([...sides, ...orders]));
    const recipe = {
      ...OPTIONS,
      ...{ hiddenSize: 128, vocabulary: training.table.size },
      ...{ inputLength: training.inputLength, outputLength: training.outputLength },
      ...{ examples: training.count },
      ...{ training: withSwapped!.count, validation: validation.count },
    };
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: [script, "--split", file, "--device", device, "--recipe", JSON.stringify(recipe)],
      env: { PYTHONDONTWRITEBYTECODE: "1" },
    }).output();
    const text = new TextDecoder();
    if (!success) throw new Error(text.decode(stderr).trim().split("\n").at(-1));
    const { version, history } = JSON.parse(text.decode(stdout));
    return summarize(`PyTorch ${version} on ${device}`, history);
  } finally {
    await Deno.remove(file);
  }
}

function summarize(contestant: string, history: readonly Epoch[]): Race {
  const reached = history.find(({ exactMatch }) => exactMatch >= 0.99);
  return { contestant, history, secondsTo99: reached?.seconds ?? null };
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
