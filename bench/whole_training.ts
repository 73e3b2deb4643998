/**
 * Measures how long a whole training takes to reach 99 % exact match on the validation split: ours, which is the command `train` in a
 * process of its own, and PyTorch's with the same recipe.
 *
 * @module
 */
import { drawEpoch } from "../src/dataset/order.ts";
import { openSplit } from "../src/checkpoint/open_split.ts";
import { resolveAddition } from "../src/problem/addition.ts";
import { runAtOnce } from "../src/time/slices.ts";
import { resolveTraining } from "../src/training/resolve_training.ts";
import { readLines } from "./round.ts";
import { configureTask } from "./task.ts";

/** The state of a training after an epoch. */
export interface Epoch {
  readonly exactMatch: number;
  /** Seconds since the training began: its first step, or what comes before it, such as compiling. Evaluation is included. */
  readonly trainingSeconds: number;
  /** Seconds since the process was started. */
  readonly processSeconds: number;
}

/** A training of one seed, or the reason why there is none. */
export type WholeTraining =
  & { readonly contestant: string; readonly seed: number }
  & (
    | {
      readonly history: readonly Epoch[];
      /** The first epoch with 99 % exact match; null if it was not reached. */
      readonly reached: Epoch | null;
      /** Seconds until the process had ended. */
      readonly wholeSeconds: number;
    }
    | { readonly missing: string }
  );

/** What is trained. */
export interface TrainingPlan {
  /** Number of questions. */
  readonly questions: number;
  readonly seed: number;
}

const GOAL = 0.99;

/** Trains with the command `train` and its defaults on a backend. The program must be one that runs the command line. */
export async function trainOurs(
  { questions, seed }: TrainingPlan,
  { program, backend }: { readonly program: readonly string[]; readonly backend: string },
): Promise<WholeTraining> {
  const folder = await Deno.makeTempDir({ prefix: "carry-" });
  try {
    const command = [
      ...program,
      ...["train", "--json", `--run=${folder}/run`, `--backend=${backend}`],
      ...[`--examples=${questions}`, `--seed=${seed}`],
    ];
    return { contestant: `Carry on ${backend}`, seed, ...await watchTraining(command) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Trains PyTorch's model with the same recipe, on the same examples in the same order. */
export async function trainPyTorch(
  plan: TrainingPlan,
  { python, script, device }: { python: string; script: string; device: string },
): Promise<WholeTraining> {
  const file = await Deno.makeTempFile({ prefix: "carry-" });
  try {
    const recipe = JSON.stringify(await writeSplit(plan, file));
    const command = [python, script, "--split", file, "--device", device, "--recipe", recipe];
    return {
      ...{ contestant: `PyTorch on ${device}`, seed: plan.seed },
      ...await watchTraining(command),
    };
  } finally {
    await Deno.remove(file);
  }
}

/** Writes the examples and the order of every epoch for PyTorch. @returns the recipe and the sizes that it needs */
async function writeSplit(
  { questions, seed }: TrainingPlan,
  file: string,
): Promise<Record<string, unknown>> {
  const options = resolveTraining({ seed, swap: true, weighted: true });
  const problem = resolveAddition({ digits: 3, examples: questions, seed });
  const split = await openSplit({ problem, model: configureTask(128), training: options });
  const { training, withSwapped, validation, weights } = split;
  const orders = Array.from({ length: options.epochs }, (_, i) => {
    const draw = { seed, epoch: i + 1, swap: options.swap, weights };
    return new Uint8Array(runAtOnce(drawEpoch(training.count, draw)).slice().buffer);
  });
  const sides = [withSwapped!, validation].flatMap(({ sources, targets }) => [sources, targets]);
  await Deno.writeFile(file, ReadableStream.from([...sides, ...orders]));
  return {
    ...options,
    ...{ hiddenSize: 128, vocabulary: training.target.size },
    ...{ inputLength: training.source.length, outputLength: training.target.length },
    ...{ examples: training.count },
    ...{ training: withSwapped!.count, validation: validation.count },
  };
}

/** Runs a program that prints an event a line, of which those named `start` and `epoch` count, and notes when they come. */
async function watchTraining(
  command: readonly string[],
): Promise<
  { history: Epoch[]; reached: Epoch | null; wholeSeconds: number } | { missing: string }
> {
  const [program, ...args] = command;
  const started = performance.now();
  const secondsSince = (time: number): number => (performance.now() - time) / 1000;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program!, {
      args,
      env: { PYTHONDONTWRITEBYTECODE: "1", NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    return { missing: (error as Error).message }; // there is no such program
  }
  const complaint = new Response(child.stderr).text();
  let beganAt = started;
  const history: Epoch[] = [];
  for await (const line of readLines(child.stdout)) {
    const { event, exactMatch } = JSON.parse(line);
    if (event === "start") beganAt = performance.now();
    if (event !== "epoch") continue;
    const [trainingSeconds, processSeconds] = [secondsSince(beganAt), secondsSince(started)];
    history.push({ exactMatch, trainingSeconds, processSeconds });
  }
  const { code } = await child.status;
  const wholeSeconds = secondsSince(started);
  if (code !== 0) {
    return { missing: (await complaint).trim().split("\n").at(-1) || `it ended with code ${code}` };
  }
  await complaint;
  const reached = history.find((epoch) => epoch.exactMatch >= GOAL) ?? null;
  return { history, reached, wholeSeconds };
}
