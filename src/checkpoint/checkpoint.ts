/**
 * A checkpoint: everything needed to go on, or to answer, in one safetensors file with a SHA-256 over all of it.
 *
 * Reading one needs no tfjs: the model in a page reads it too.
 *
 * @module
 */
import type { ModelConfig } from "../model/config.ts";
import { checkModelConfig } from "../model/config.ts";
import type { NamedTensor } from "../model/parameters.ts";
import { type AdditionProblem, resolveAddition } from "../problem/addition.ts";
import { type EpochMetrics, METRICS } from "../training/metrics.ts";
import { resolveTraining, type TrainingOptions } from "../training/options.ts";
import type { TrainingProgress } from "../training/training.ts";
import { decodeSafetensors, encodeSafetensors, readHeaderLength } from "./safetensors.ts";

/** What is saved. */
export interface Checkpoint {
  /**
   * Identity of the run that it was saved in. `null` for a checkpoint that was not saved in a run yet, and for a file
   * written before runs had one.
   */
  readonly runId: string | null;
  /** What is learnt. */
  readonly problem: AdditionProblem;
  /** The model's shape. */
  readonly model: ModelConfig;
  /** How it is trained. */
  readonly training: TrainingOptions;
  /** How far it has come. */
  readonly progress: TrainingProgress;
  /** The model's parameters, named and laid out as in Keras. */
  readonly parameters: readonly NamedTensor[];
  /** Adam's moments: `adam/m/…` and `adam/v/…`. */
  readonly moments: readonly NamedTensor[];
}

/** Names the layout of the state that is written. */
const FORMAT = "carry-2";
/** The layout before it, which is still read. It has no `runId`. */
const FORMAT_1 = "carry-1";
/** What the identity of a run looks like. */
const RUN_ID = /^[0-9A-Za-z-]{1,64}$/;
/** The header begins with the hash, so that its place is known before anything is parsed. */
const HASH_PREFIX = '{"__metadata__":{"sha256":"';
const HASH_START = 8 + HASH_PREFIX.length;
const HASH_LENGTH = 64;
const NO_HASH = "0".repeat(HASH_LENGTH);

const latin1 = new TextDecoder("latin1");
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lays a checkpoint out as a file. The same checkpoint gives the same bytes. */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const { parameters, moments, runId, problem, model, training, progress } = checkpoint;
  const bytes = encodeSafetensors({
    tensors: [...parameters, ...moments],
    metadata: {
      sha256: NO_HASH,
      format: FORMAT,
      carry: JSON.stringify({ runId, problem, model, training, progress }),
    },
  });
  const hash = await computeHash(bytes);
  bytes.set(new TextEncoder().encode(hash), HASH_START);
  return bytes;
}

/**
 * Reads a checkpoint. Every bit of the file counts: none can change unnoticed.
 *
 * @throws {SyntaxError} if the file is damaged or is not a checkpoint, with the first thing that is wrong
 */
export async function decodeCheckpoint(bytes: Uint8Array<ArrayBuffer>): Promise<Checkpoint> {
  await checkHash(bytes);
  const { tensors, metadata } = decodeSafetensors(bytes);
  const state = readState(metadata);
  const name = findNonFinite(tensors);
  if (name !== undefined) {
    throw new SyntaxError(
      `Cannot read the checkpoint: every value must be finite, but "${name}" has one that is not`,
    );
  }
  const isMoment = ({ name }: NamedTensor): boolean => name.startsWith("adam/");
  return {
    ...state,
    parameters: tensors.filter((tensor) => !isMoment(tensor)),
    moments: tensors.filter(isMoment),
  };
}

/** Finds a tensor with a value that is not finite, and gives its name. */
export function findNonFinite(tensors: readonly NamedTensor[]): string | undefined {
  for (const { name, values } of tensors) {
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return name; // a million: a loop, no calls
  }
  return undefined;
}

async function checkHash(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  readHeaderLength(bytes);
  const stored = latin1.decode(bytes.subarray(HASH_START, HASH_START + HASH_LENGTH));
  if (
    latin1.decode(bytes.subarray(8, HASH_START)) !== HASH_PREFIX || !/^[0-9a-f]{64}$/.test(stored)
  ) {
    throw new SyntaxError(
      "Cannot read the checkpoint: it is not one, or its first bytes are damaged",
    );
  }
  const blank = bytes.slice();
  blank.fill(0x30, HASH_START, HASH_START + HASH_LENGTH);
  const computed = await computeHash(blank);
  if (computed !== stored) {
    throw new SyntaxError(
      `Cannot read the checkpoint: it is damaged: its SHA-256 must be ${stored}, but is ${computed}`,
    );
  }
}

async function computeHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.reduce((text, byte) => text + HEX[byte]!, ""); // `toHex` is younger than many browsers
}

/** What a checkpoint says besides its tensors. */
type State = Omit<Checkpoint, "parameters" | "moments">;

/**
 * Finds out which run a checkpoint file belongs to, from its header alone: the hash is not checked.
 *
 * @throws {SyntaxError} if the header is not that of a checkpoint
 */
export function readRunIdOf(bytes: Uint8Array): string | null {
  return readState(decodeSafetensors(bytes).metadata).runId;
}

function readState({ format, carry = "" }: Readonly<Record<string, string>>): State {
  if (format === FORMAT_1) return parseState(carry, () => null);
  if (format === FORMAT) return parseState(carry, checkRunId);
  throw new SyntaxError(
    `Cannot read the checkpoint: its format must be "${FORMAT}" or "${FORMAT_1}", but is "${format}"`,
  );
}

function checkRunId(runId: unknown): string | null {
  if (runId === null || (typeof runId === "string" && RUN_ID.test(runId))) return runId;
  throw new RangeError(`runId must be null or match ${RUN_ID}, but is ${JSON.stringify(runId)}`);
}

/** Checks the saved state as if a user had typed it: a hash shows damage, not sense. */
function parseState(text: string, readRunId: (runId: unknown) => string | null): State {
  try {
    const { runId, problem, model, training, progress } = JSON.parse(text);
    checkModelConfig(model);
    checkProgress(progress);
    return {
      runId: readRunId(runId),
      problem: resolveAddition(problem),
      model,
      training: resolveTraining(training),
      progress,
    };
  } catch (error) {
    throw new SyntaxError(`Cannot read the checkpoint: ${(error as Error).message}`);
  }
}

function checkProgress(progress: TrainingProgress): void {
  const numbers = ["step", "batch", "lossSum", "elapsedMs"] as const;
  for (const name of numbers) {
    if (!(progress[name] >= 0 && progress[name] < Infinity)) {
      throw new RangeError(`${name} must be 0 or more, but is ${progress[name]}`);
    }
  }
  for (const name of ["step", "batch"] as const) {
    if (Number.isSafeInteger(progress[name])) continue;
    throw new RangeError(`${name} must be an integer, but is ${progress[name]}`);
  }
  if (!Array.isArray(progress.history)) throw new TypeError("the history must be a list");
  const figures = [...METRICS, "epoch", "step", "elapsedMs"] as const;
  progress.history.forEach((metrics: EpochMetrics, i) => {
    const finite = figures.every((name) => Number.isFinite(metrics[name]));
    if (!finite || metrics.epoch !== i + 1) {
      throw new RangeError(`the history of epoch ${i + 1} must have finite figures`);
    }
  });
}
