/**
 * A checkpoint: everything needed to go on, or to answer, in one safetensors file with a SHA-256 over all of it.
 *
 * Reading one needs no tfjs: the model in a page reads it too.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import { instanceOf, objectRule } from "../arguments/rule.ts";
import { checkTensors as checkNamedTensors, type NamedTensor } from "../model/parameters.ts";
import {
  asFields,
  checkKeys,
  type CheckpointState,
  checkState,
  checkTensors,
  isMoment,
} from "./checkpoint_state.ts";
import { EPOCH_FIGURES } from "../training/metrics.ts";
import { decodeHistory, encodeHistory, findHistory, HISTORY_TENSOR } from "./history_table.ts";
import {
  decodeHeader,
  decodeSafetensors,
  decodeValues,
  encodeSafetensors,
  readHeaderLength,
  type SafetensorsHeader,
  type SavedTensor,
} from "./safetensors.ts";
import { parseStrictJson } from "./strict_json.ts";

/** What is saved. */
export interface Checkpoint extends CheckpointState {
  /** The model's parameters, named and laid out as in Keras. */
  readonly parameters: readonly NamedTensor[];
  /** Adam's moments: `adam/m/…` and `adam/v/…`. */
  readonly moments: readonly NamedTensor[];
}

/** Names the layout of the state that is written: the history is a tensor. */
const FORMAT = "carry-2";
/** The layout before it, which is still read: the history is in the state, which has neither `runId` nor `trainedOn`. */
const FORMAT_1 = "carry-1";
/** The header begins with the hash, so that its place is known before anything is parsed. */
const HASH_PREFIX = '{"__metadata__":{"sha256":"';
const HASH_START = 8 + HASH_PREFIX.length;
const HASH_LENGTH = 64;
const NO_HASH = "0".repeat(HASH_LENGTH);

const latin1 = new TextDecoder("latin1");
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Lays a checkpoint out as a file. The same checkpoint gives the same bytes.
 *
 * @throws {RangeError} if it would not be read again: it does not make sense, or a value is not finite
 */
export async function encodeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  checkCheckpoint("save the checkpoint", checkpoint);
  const { parameters, moments, ...given } = checkpoint;
  checkBeforeSaving(checkpoint, given);
  const { progress, ...rest } = given;
  const { history, ...position } = progress;
  const bytes = encodeSafetensors({
    tensors: [encodeHistory(history), ...parameters, ...moments],
    metadata: {
      sha256: NO_HASH,
      format: FORMAT,
      carry: JSON.stringify({ ...rest, progress: position }),
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
  checkValue("read the checkpoint", "it", bytes, instanceOf(Uint8Array));
  await checkHash(bytes);
  const header = decodeHeader(bytes);
  const state = decodeState(header, (start, stop) => bytes.subarray(start, stop));
  const tensors = decodeSafetensors(bytes).tensors.filter(isNamedTensor);
  const name = findNonFinite(tensors);
  if (name !== undefined) {
    throw new SyntaxError(
      `Cannot read the checkpoint: every value must be finite, but "${name}" has one that is not`,
    );
  }
  return {
    ...state,
    parameters: tensors.filter((tensor) => !isMoment(tensor)),
    moments: tensors.filter(isMoment),
  };
}

/**
 * Finds where in a file the history is; undefined where it is in the header.
 *
 * @throws {SyntaxError} if the format is not one that is read, or the history is not where it must be
 */
export function locateHistory(
  header: SafetensorsHeader,
): { readonly start: number; readonly stop: number } | undefined {
  const { format } = header.metadata;
  if (format !== FORMAT && format !== FORMAT_1) {
    throw new SyntaxError(
      `Cannot read the checkpoint: its format must be "${FORMAT}" or "${FORMAT_1}", but is "${format}"`,
    );
  }
  if (format === FORMAT_1) return undefined;
  const { start, stop } = findHistory(header);
  return { start: header.bodyStart + start, stop: header.bodyStart + stop };
}

/**
 * Reads what a checkpoint says besides its tensors, and checks that its tensors are those of its model. The hash is not
 * checked.
 *
 * @param read gives the bytes of the file from one position to another
 * @throws {SyntaxError} with the first thing that is wrong
 */
export function decodeState(
  header: SafetensorsHeader,
  read: (start: number, stop: number) => Uint8Array,
): CheckpointState {
  const { carry = "" } = header.metadata;
  const place = locateHistory(header);
  try {
    const state = asFields("the state", parseStrictJson(carry));
    const checked = checkState(
      place === undefined
        ? migrateState1(state)
        : withHistory(state, read(place.start, place.stop)),
    );
    checkTensors(checked.model, header.entries.filter(({ name }) => name !== HISTORY_TENSOR));
    for (const { name, dtype } of header.entries) {
      if (dtype === "F32" || name === HISTORY_TENSOR) continue;
      throw new TypeError(`the tensor "${name}" must have the dtype F32, but has ${dtype}`);
    }
    return checked;
  } catch (error) {
    throw new SyntaxError(`Cannot read the checkpoint: ${reasonOf(error)}`);
  }
}

/** Finds a tensor with a value that is not finite, and gives its name. */
export function findNonFinite(tensors: readonly NamedTensor[]): string | undefined {
  for (const { name, values } of tensors) {
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return name; // a million: a loop, no calls
  }
  return undefined;
}

/** What is wrong, without what could not be done for it: that is said here. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/^Cannot [^:"]*: /, "");
}

/** What is written can be read: the same checks as after reading. */
function checkCheckpoint(action: string, checkpoint: Checkpoint): void {
  checkValue(action, "it", checkpoint, objectRule());
  checkNamedTensors(action, checkpoint.parameters);
  checkNamedTensors(action, checkpoint.moments);
}

function checkBeforeSaving(
  { parameters, moments }: Checkpoint,
  state: CheckpointState,
): void {
  const tensors = [...parameters, ...moments];
  try {
    checkState({ ...state });
    checkTensors(state.model, tensors);
  } catch (error) {
    throw new RangeError(`Cannot save the checkpoint: ${reasonOf(error)}`, { cause: error });
  }
  const name = findNonFinite(tensors);
  if (name === undefined) return;
  throw new RangeError(
    `Cannot save the checkpoint: every value must be finite, but "${name}" has one that is not`,
  );
}

/**
 * Makes a state of carry-1 one of today. Its history is JSON, whose keys are checked here. Then an accuracy above 1 could be asked for: a stop that never comes, which is no
 * stop.
 */
function migrateState1(state: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const training = asFields("the training", state.training);
  const { metric, value } = Object(training.stopAt);
  const { history } = asFields("the progress", state.progress);
  if (Array.isArray(history)) {
    history.forEach((epoch) => checkKeys("an epoch", asFields("an epoch", epoch), EPOCH_FIGURES));
  }
  const isNever = (metric === "exactMatch" || metric === "characterAccuracy") && value > 1;
  return {
    ...{ runId: null, trainedOn: null },
    ...state,
    training: { ...training, ...(isNever && { stopAt: null }) },
  };
}

function withHistory(
  state: Readonly<Record<string, unknown>>,
  bytes: Uint8Array,
): Record<string, unknown> {
  const progress = asFields("the progress", state.progress);
  if (Object.hasOwn(progress, "history")) throw new TypeError("the history must be a tensor");
  return {
    ...state,
    progress: { ...progress, history: decodeHistory(decodeValues("F64", bytes)) },
  };
}

function isNamedTensor(tensor: SavedTensor): tensor is NamedTensor {
  return tensor.name !== HISTORY_TENSOR;
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
