/** The options of files of pairs, and the measuring of the files that were typed. @module */
import { locatePairFiles } from "../checkpoint/locate_pairs.ts";
import { MissingPairsError } from "../checkpoint/pair_files.ts";
import { ChangedPairsError } from "../problem/pairs/changed_pairs.ts";
import { measurePairFiles } from "../checkpoint/measure_pair_files.ts";
import { describeMeasuringFault } from "../evaluation/pairs/measuring_fault.ts";
import { type MeasuredPairs, PAIR_SIDES } from "../problem/pairs/pair_meter.ts";
import type { PairsSettings } from "../problem/pairs/settings.ts";
import { PAIRS_SETTINGS } from "../problem/pairs/settings_table.ts";
import { resolvePairs } from "../problem/pairs/resolve_pairs.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { createPreparation } from "./preparation.ts";
import { readProblem } from "./problem_options.ts";
import { describeOptions, readTypedSettings } from "./typed_settings.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** Options of files of pairs. */
export const PAIRS_OPTIONS: readonly OptionSpec[] = describeOptions(
  PAIRS_SETTINGS,
  "Pairs options",
);

/** Continues with files that have changed. */
export const CHANGED_DATA_OPTION: OptionSpec = {
  name: "changed-data",
  help: "with --resume: continue although a file of pairs has changed",
};

/**
 * Reads the settings of pairs, if `--data` was typed.
 *
 * @throws {UsageError} if a value is not possible, or options of pairs were typed without `--data`
 */
export function readPairsSettings(typed: TypedOptions): PairsSettings | undefined {
  if (typed.text("data") === undefined) {
    const option = PAIRS_OPTIONS.find(({ name }) => typed.text(name) !== undefined);
    if (option === undefined) return undefined;
    throw new UsageError(
      `Cannot use --${option.name} without --data FILE: it is an option of pairs that are read from a file`,
    );
  }
  if (typed.text("problem") !== undefined) {
    throw new UsageError("Cannot use both --data and --problem: --data is a problem of its own");
  }
  return checkTyped(() => resolvePairs(readProblem(typed, "pairs")));
}

/** Refuses options of pairs for a run that has learned something else. @throws {UsageError} if there are any */
export function refusePairsOptions(typed: TypedOptions): void {
  const option = PAIRS_OPTIONS.find(({ name }) => typed.text(name) !== undefined) ??
    (typed.flag(CHANGED_DATA_OPTION.name) ? CHANGED_DATA_OPTION : undefined);
  if (option === undefined) return;
  throw new UsageError(
    `Cannot use --${option.name}: the run was not trained on pairs that were read from a file`,
  );
}

/** Why a run of pairs can have no file of them. */
export const NAMES_NO_FILE =
  "the run names no file of pairs, because a program gave them or it was imported";

/**
 * Finds the files of a run that is resumed: at the paths that were typed, or where they were. A run that names none takes those that
 * were typed.
 *
 * @returns the settings with the new paths
 * @throws {Error} if a file is missing or has changed, with advice; with `--changed-data` changes are accepted
 */
export async function locateTyped(
  typed: TypedOptions,
  settings: PairsSettings,
  signal: AbortSignal,
): Promise<PairsSettings> {
  const given = readTypedSettings(typed, PAIRS_SETTINGS);
  if (settings.data === null) return await adoptFiles(given, settings, signal);
  const paths = Object.fromEntries(PAIR_SIDES.map((side) => [side, given[side]]));
  const preparation = createPreparation();
  try {
    return await locatePairFiles(settings, {
      ...{ paths, signal, acceptsChanges: typed.flag("changed-data") },
      onProgress: (path, done, of) =>
        preparation.show(`Checking ${path}`)(toMegabytes(done), toMegabytes(of)),
    });
  } catch (error) {
    if (error instanceof ChangedPairsError) {
      throw new Error(`${error.message}; --changed-data continues with the changed file`, {
        cause: error,
      });
    }
    if (error instanceof MissingPairsError) {
      throw new Error(`${error.message}; --${error.side} FILE names the place where it is now`, {
        cause: error,
      });
    }
    throw error;
  } finally {
    preparation.clear();
  }
}

/** Makes files those of a run that names none. The questions that it has held back stay so. */
async function adoptFiles(
  { data, validation = null, test = null }: Partial<PairsSettings>,
  settings: PairsSettings,
  signal: AbortSignal,
): Promise<PairsSettings> {
  if (typeof data !== "string") {
    throw new UsageError(
      `Cannot resume: ${NAMES_NO_FILE}; add --data FILE with pairs to learn from`,
    );
  }
  const hasOwn = validation !== null;
  const files = { data, validation, test, ...(hasOwn && { split: null }) };
  const measured = await measureTyped({ ...settings, ...files }, { reverse: false, signal });
  const heldBack = hasOwn ? null : settings.heldBack ?? measured.settings.heldBack;
  return { ...measured.settings, heldBack };
}

/**
 * Measures the files that were typed, with a progress line.
 *
 * @throws {UsageError} if no model can learn from them, with advice
 * @throws {Error} if a file or a line cannot be read, with advice
 * @throws the signal's reason, if it aborts
 */
export async function measureTyped(
  settings: PairsSettings,
  { reverse, signal }: { readonly reverse: boolean; readonly signal: AbortSignal },
): Promise<MeasuredPairs> {
  const preparation = createPreparation();
  try {
    return await measurePairFiles(settings, {
      ...{ reverse, signal },
      onProgress: (path, done, of) =>
        preparation.show(`Measuring ${path}`)(toMegabytes(done), toMegabytes(of)),
    });
  } catch (error) {
    const fault = describeMeasuringFault(error);
    if (fault === undefined) throw error;
    if (error instanceof RangeError) throw new UsageError(fault);
    throw new Error(fault, { cause: error });
  } finally {
    preparation.clear();
  }
}

function toMegabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
