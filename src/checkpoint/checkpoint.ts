/**
 * A checkpoint: everything needed to continue a training, or to answer, in one safetensors file with a SHA-256 of the
 * whole file.
 *
 * Reading a checkpoint needs no tfjs, because the model in a page reads it too.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, instanceOf, objectRule } from "../arguments/rule.ts";
import { checkTensors as checkNamedTensors, type NamedTensor } from "../network/parameters.ts";
import { type CheckpointState, checkState, checkTensors, isMoment } from "./checkpoint_state.ts";
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
import { type Fields, FORMAT, type Format, FORMATS, migrateState } from "./migrations.ts";
import { parseStrictJson } from "../arguments/strict_json.ts";
import { takeReason } from "../arguments/take_reason.ts";

/** A checkpoint: the state of a run and its tensors. */
export interface Checkpoint extends CheckpointState {
  /** The model's parameters, named and laid out as in Keras. */
  readonly parameters: readonly NamedTensor[];
  /** Adam's moments: `adam/m/…` and `adam/v/…`. */
  readonly moments: readonly NamedTensor[];
}

/** The header begins with the hash, so that its position is known before anything is parsed. */
const HASH_PREFIX = '{"__metadata__":{"sha256":"';
const HASH_START = 8 + HASH_PREFIX.length;
const HASH_LENGTH = 64;
const NO_HASH = "0".repeat(HASH_LENGTH);

const latin1 = new TextDecoder("latin1");
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Encodes a checkpoint as a file. The same checkpoint gives the same bytes.
 *
 * @throws {RangeError} if the file could not be read again: the state is not consistent, or a value is not finite
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
 * Reads a checkpoint. A change of any bit of the file is noticed.
 *
 * @throws {SyntaxError} if the file is damaged or is not a checkpoint, with the first fault
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
      `Cannot read the checkpoint: every value must be finite, but "${name}" has a value that is not`,
    );
  }
  return {
    ...state,
    parameters: tensors.filter((tensor) => !isMoment(tensor)),
    moments: tensors.filter(isMoment),
  };
}

/**
 * Finds the position of the history in a file; undefined if the history is in the header.
 *
 * @throws {SyntaxError} if the format is unknown, or the tensor of the history is missing or has another shape
 */
export function locateHistory(
  header: SafetensorsHeader,
): { readonly start: number; readonly stop: number } | undefined {
  if (hasHistoryInState(header)) return undefined;
  const { start, stop } = findHistory(header);
  return { start: header.bodyStart + start, stop: header.bodyStart + stop };
}

/** In `carry-1`, and in the first files of `carry-2`, the history is in the state. */
function hasHistoryInState(header: SafetensorsHeader): boolean {
  const format = findFormat(header);
  return format === "carry-1" ||
    format === "carry-2" && !header.entries.some(({ name }) => name === HISTORY_TENSOR);
}

function asFields(name: string, value: unknown): Fields {
  checkValue("read", name, value, objectRule());
  return value as Fields;
}

/** Finds the format of a file. @throws {SyntaxError} if it is unknown */
function findFormat({ metadata: { format } }: SafetensorsHeader): Format {
  const known = FORMATS.find((candidate) => candidate === format);
  if (known !== undefined) return known;
  throw new SyntaxError(
    `Cannot read the checkpoint: its format must be one of ${FORMATS.join(", ")}, but is ${
      describeFound(format)
    }; a newer version of Carry may read it`,
  );
}

/**
 * Reads the state of a checkpoint, which is everything but its tensors. It checks that the tensors are those of the model.
 * It does not check the hash.
 *
 * @param read gives the bytes of the file from one position to another
 * @throws {SyntaxError} with the first fault
 */
export function decodeState(
  header: SafetensorsHeader,
  read: (start: number, stop: number) => Uint8Array,
): CheckpointState {
  const { carry = "" } = header.metadata;
  const place = locateHistory(header);
  const format = findFormat(header);
  try {
    const state = asFields("the state", parseStrictJson(carry));
    const whole = place === undefined ? state : addHistory(state, read(place.start, place.stop));
    const checked = checkState(migrateState(whole, format));
    checkTensors(checked.model, header.entries.filter(({ name }) => name !== HISTORY_TENSOR));
    for (const { name, dtype } of header.entries) {
      if (dtype === "F32" || name === HISTORY_TENSOR) continue;
      throw new TypeError(`the tensor "${name}" must have the dtype F32, but has ${dtype}`);
    }
    return checked;
  } catch (error) {
    throw new SyntaxError(`Cannot read the checkpoint: ${takeReason(error)}`); // fault point: error of a state
  }
}

/** Gives the name of the first tensor with a value that is not finite. */
export function findNonFinite(tensors: readonly NamedTensor[]): string | undefined {
  for (const { name, values } of tensors) {
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return name; // up to millions of values: a loop is faster than calls
  }
  return undefined;
}

/** Makes the same checks as after reading, so that whatever is written can be read. */
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
    throw new RangeError(`Cannot save the checkpoint: ${takeReason(error)}`, { cause: error });
  }
  const name = findNonFinite(tensors);
  if (name === undefined) return;
  throw new RangeError(
    `Cannot save the checkpoint: every value must be finite, but "${name}" has a value that is not`,
  );
}

function addHistory(state: Fields, bytes: Uint8Array): Fields {
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
      "Cannot read the checkpoint: the file is not a checkpoint, or its first bytes are damaged",
    );
  }
  const blank = new Uint8Array(bytes); // not slice(): that of Node's Buffer does not copy
  blank.fill(0x30, HASH_START, HASH_START + HASH_LENGTH);
  const computed = await computeHash(blank);
  if (computed !== stored) { // fault point: comparison of hashes
    throw new SyntaxError(
      `Cannot read the checkpoint: the file is damaged: its SHA-256 must be ${stored}, but is ${computed}`,
    );
  }
}

async function computeHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.reduce((text, byte) => text + HEX[byte]!, ""); // many browsers do not have `toHex` yet
}
