/** Chooses everything that decides what a run computes, from what the page asks for, as the command `train` does. @module */
import { checkCanSplit } from "../../dataset/prepare_split.ts";
import type { MeasuredPairs } from "../../problem/pairs/pair_meter.ts";
import { resolvePairs } from "../../problem/pairs/resolve_pairs.ts";
import type { PairsSettings } from "../../problem/pairs/settings.ts";
import { createProblem, findKind, resolveProblem } from "../../problem/registry.ts";
import {
  checkGivenSettings,
  chooseReversal,
  chooseSettings,
  type GivenSettings,
  type Settings,
} from "../../training/choose_settings.ts";
import type { TrainingOptions } from "../../training/options.ts";
import type { MadeTask, PairsTask, PlaygroundOptions, PlaygroundTask } from "../engine.ts";
import { measurePairBytes } from "./pair_bytes.ts";

/** A run that was planned. */
export interface PlannedRun {
  readonly settings: Settings;
  /** Its name: that of the problem, or of the file without its ending. */
  readonly name: string;
  /** The file of pairs; null if examples are made. */
  readonly pairs: Uint8Array<ArrayBuffer> | null;
}

/**
 * Plans a run. Pairs are measured.
 *
 * @throws {Error} if a setting is not possible, or the pairs cannot be used, as the command line says it
 * @throws the signal's reason, if it aborts
 */
export async function planRun(
  task: PlaygroundTask,
  options: PlaygroundOptions,
  signal: AbortSignal,
): Promise<PlannedRun> {
  return task.kind === "made" ? planMade(task, options) : await planPairs(task, options, signal);
}

function planMade({ problem: name, settings }: MadeTask, options: PlaygroundOptions): PlannedRun {
  const { layOut } = findKind(name);
  if (layOut === undefined) {
    throw new RangeError(
      `Cannot make examples: the problem must be one that makes its own, but is ${name}`,
    );
  }
  const seed = chooseSeed(settings.seed, options.training?.seed);
  const problem = resolveProblem({ ...settings, ...seed, name });
  const isFixed = settings.examples !== undefined && options.training?.fresh === undefined;
  const given = readGiven(options, { ...seed, ...(isFixed && { fresh: false }) }); // a number of examples means the same ones in every epoch
  const layout = layOut(problem, chooseReversal(given.model, problem));
  const chosen = chooseSettings(given, { problem, layout });
  checkCanSplit(createProblem(problem, layout).generated!.count);
  return { settings: chosen, name, pairs: null };
}

async function planPairs(
  task: PairsTask,
  options: PlaygroundOptions,
  signal: AbortSignal,
): Promise<PlannedRun> {
  const seed = chooseSeed(task.settings.seed, options.training?.seed);
  const settings = readPairsSettings(task, seed);
  const given = readGiven(options, seed);
  checkGivenSettings(given, settings);
  const reverse = chooseReversal(given.model, settings);
  const { settings: problem, laidOut: { layout } } = await measurePairBytes(task.bytes, settings, {
    reverse,
    signal,
  });
  const chosen = chooseSettings(given, { problem, layout });
  return { settings: chosen, name: nameOfFile(task.name), pairs: task.bytes };
}

/** Gives the name of a run that learns from a file: that of the file without its ending. */
export function nameOfFile(file: string): string {
  return file.replace(/(?<=.)\.[^.]*$/, "");
}

/** Measures pairs as the command `check` does. @throws what `planRun` throws */
export async function measureTask(task: PairsTask, signal: AbortSignal): Promise<MeasuredPairs> {
  const settings = readPairsSettings(task, chooseSeed(task.settings.seed, undefined));
  return await measurePairBytes(task.bytes, settings, {
    reverse: chooseReversal({}, settings),
    signal,
  });
}

/** A file of pairs that has not been read yet. */
type UnreadPairs = PairsSettings & { readonly data: string };

/** Reads the settings of pairs. One file is all that there is. */
function readPairsSettings({ name, settings }: PairsTask, seed: Seed): UnreadPairs {
  for (const side of ["data", "validation", "test"] as const) {
    if (settings[side] == null) continue;
    throw new RangeError(
      `Cannot learn from pairs: there is one file, "${name}", so ${side} must be left out`,
    );
  }
  return { ...resolvePairs({ ...settings, ...seed, data: name }), data: name };
}

function readGiven(
  { model = {}, training = {} }: PlaygroundOptions,
  chosen: Partial<TrainingOptions>,
): GivenSettings {
  return { model, training: { ...training, ...chosen } };
}

/** A seed, or nothing if none is given. */
interface Seed {
  readonly seed?: number;
}

/** Problem and training have one seed, as in the command line. @throws {RangeError} if two are given */
function chooseSeed(ofProblem: number | undefined, ofTraining: number | undefined): Seed {
  const seed = ofProblem ?? ofTraining;
  if (seed === undefined) return {};
  if (ofTraining === undefined || ofTraining === seed) return { seed };
  throw new RangeError(
    `Cannot train: problem and training must have the same seed, but have ${ofProblem} and ${ofTraining}`,
  );
}
