/** Records which saves of a run were acknowledged, and checks its files against that. @module */
import { DENO_FILE_SYSTEM, type FileSystem } from "../../src/checkpoint/file_system.ts";
import { type CheckpointChoice, readRun } from "../../src/checkpoint/read_run.ts";
import { countEpochs, isWhole } from "./marked_checkpoint.ts";

/** The acknowledged saves, and the ones in progress. Steps are those of marked checkpoints. */
export interface Ledger {
  /** Step of the last acknowledged save. */
  latest?: number | undefined;
  /** Step of the last acknowledged save as the best. */
  best?: number | undefined;
  /** The save in progress, and whether it begins another run in the same place. */
  saving?: { readonly step: number; readonly best: boolean; readonly begins?: boolean } | undefined;
  /** Saves that were interrupted since then. The log, which is written first, may be of one of them; undefined is a deletion. */
  abandoned: readonly (number | undefined)[];
  /** Whether a deletion is in progress. */
  clearing: boolean;
}

/** Makes the ledger of an empty run. */
export function openLedger(): Ledger {
  return { abandoned: [], clearing: false };
}

/** Records that the save in progress was acknowledged. */
export function acknowledgeSave(ledger: Ledger): void {
  const { step, best, begins } = ledger.saving!;
  ledger.latest = step;
  if (best) ledger.best = step;
  if (begins) ledger.best = undefined;
  ledger.saving = undefined;
  ledger.abandoned = [];
}

/** Records that the deletion in progress was acknowledged. */
export function acknowledgeClear(ledger: Ledger): void {
  ledger.latest = ledger.best = undefined;
  ledger.abandoned = [];
  ledger.clearing = false;
}

/**
 * Checks that no acknowledged save is lost, replaced by an older one, or mixed with another. If the latest checkpoint is of the
 * save in progress, the best checkpoint and the log must be too. If that save begins another run, nothing else of the run before
 * may be readable.
 */
export async function audit(
  path: string,
  ledger: Ledger,
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<string[]> {
  const { saving, abandoned, clearing } = ledger;
  const cleared = clearing ? [undefined] : [];
  const started = saving === undefined ? [] : [saving.step];
  const latest = await readStep(path, "latest", fileSystem);
  const best = await readStep(path, "best", fileSystem);
  const done = saving !== undefined && latest === saving.step;
  const begun = done && saving.begins === true; // only the log of the run before may exist
  const beforeBest = [ledger.best, ...(saving?.best ? started : []), ...cleared];
  const beforeLog = [ledger.latest, ...started, ...cleared, ...abandoned];
  return [
    ...compare("latest", latest, [ledger.latest, ...started, ...cleared]),
    ...compare(
      "best",
      best,
      begun ? [undefined] : done && saving.best ? started : beforeBest,
    ),
    ...await auditLog(begun ? [...beforeLog, undefined] : done ? started : beforeLog, {
      ...{ path, fileSystem },
      mayBeCut: !done && [...started, ...cleared, ...abandoned].length > 0,
    }),
  ];
}

type Step = number | "mixed" | undefined;

/** Reads the step of a checkpoint; undefined if it cannot be read. */
async function readStep(
  path: string,
  choice: CheckpointChoice,
  fileSystem: FileSystem,
): Promise<Step> {
  try {
    const { checkpoint } = await readRun(path, choice, fileSystem);
    return isWhole(checkpoint) ? checkpoint.progress.step : "mixed";
  } catch (error) {
    if (/^Cannot read a checkpoint of the run/.test((error as Error).message)) return undefined;
    throw error;
  }
}

function compare(name: string, found: Step, allowed: readonly Step[]): string[] {
  return allowed.includes(found)
    ? []
    : [`${name} is ${found ?? "lost"}, but must be one of ${allowed.map((s) => s ?? "none")}`];
}

/** Checks that the log is of an allowed save, and that it is complete. If a save was interrupted, its end may be incomplete. */
async function auditLog(
  allowed: readonly (number | undefined)[],
  { path, fileSystem, mayBeCut }: {
    readonly path: string;
    readonly fileSystem: FileSystem;
    readonly mayBeCut: boolean;
  },
): Promise<string[]> {
  const file = `${path}/metrics.jsonl`;
  if (!await fileSystem.isThere(file)) {
    return allowed.includes(undefined) ? [] : ["the log is lost"];
  }
  using opened = await fileSystem.openFile(file);
  const lines = new TextDecoder().decode(await opened.read(0, opened.sizeBytes)).split("\n");
  const counts = allowed.map((step) => step === undefined ? 0 : countEpochs(step));
  const end = lines.pop();
  const broken = lines.findIndex((line) => !/^\{"epoch":.*\}$/.test(line));
  const isWhole = end === "" && broken < 0;
  const whole = broken < 0 ? lines.length : broken;
  return (isWhole || mayBeCut) && counts.includes(whole)
    ? []
    : [`the log has ${whole} complete lines, but must have one of ${counts}, all complete`];
}
