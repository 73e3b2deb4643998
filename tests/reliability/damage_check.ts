/** Damages a checkpoint; the reader must detect all damage. @module */
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { forkPrng, type Prng } from "../../src/random/prng.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { createFailures, type Outcome } from "./check.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";

const SECTOR_BYTES = 512;
/** A step after ten epochs. */
const SMALL_STEP = 10;

/** Flips every bit, cuts at every length, and zeroes every sector of a small checkpoint. */
export async function checkAllDamage(): Promise<Outcome> {
  const bytes = await encodeCheckpoint(markCheckpoint(SMALL_STEP));
  const failures = createFailures();
  let trials = 0;
  for (const [what, damaged] of allDamage(bytes)) {
    if (isSame(damaged, bytes)) continue; // the sector was already zero
    trials++;
    failures.add(what, await unnoticed(damaged));
  }
  return { trials, failures: failures.list, note: `${bytes.length} bytes` };
}

/** Damages the notebook model's checkpoint at random places. */
export async function checkRandomDamage(trials: number, part = 0): Promise<Outcome> {
  const bytes = await encodeCheckpoint(await makeRealCheckpoint());
  const failures = createFailures();
  const prng = forkPrng(part, "damage");
  for (let trial = 0; trial < trials; trial++) {
    const [what, damaged] = damage(bytes, prng);
    failures.add(`part ${part}, trial ${trial}, ${what}`, await unnoticed(damaged));
  }
  return { trials, failures: failures.list, note: `${bytes.length} bytes` };
}

/** Damages a file at a random place: a bit, the length, or a sector. */
export function damage(
  bytes: Uint8Array<ArrayBuffer>,
  prng: Prng,
): [string, Uint8Array<ArrayBuffer>] {
  const at = prng.nextInt(bytes.length);
  const kind = prng.nextInt(3);
  if (kind === 0) return [`cut at ${at}`, bytes.slice(0, at)];
  const damaged = bytes.slice();
  if (kind === 2) {
    const sector = damaged.subarray(at - at % SECTOR_BYTES, at - at % SECTOR_BYTES + SECTOR_BYTES);
    const isZero = sector.every((byte) => byte === 0);
    sector.fill(0);
    if (!isZero) return [`sector of ${at} zeroed`, damaged];
  }
  damaged[at]! ^= 1 << prng.nextInt(8);
  return [`a bit of ${at} flipped`, damaged];
}

function* allDamage(
  bytes: Uint8Array<ArrayBuffer>,
): Generator<[string, Uint8Array<ArrayBuffer>], void> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    yield [`bit ${bit} flipped`, damaged];
  }
  for (let length = 0; length < bytes.length; length++) {
    yield [`cut at ${length}`, bytes.slice(0, length)];
  }
  for (let start = 0; start < bytes.length; start += SECTOR_BYTES) {
    const damaged = bytes.slice();
    damaged.fill(0, start, start + SECTOR_BYTES);
    yield [`sector at ${start} zeroed`, damaged];
  }
}

async function unnoticed(bytes: Uint8Array<ArrayBuffer>): Promise<string[]> {
  try {
    await decodeCheckpoint(bytes);
    return ["the damage was not detected"];
  } catch (error) {
    return error instanceof SyntaxError ? [] : [`the error was not a SyntaxError: ${error}`];
  }
}

async function makeRealCheckpoint(): Promise<Checkpoint> {
  const device = await chooseDevice("cpu");
  using model = await createModel({ ...TINY_MODEL, hiddenSize: 128 }, { device });
  using training = createTraining(model);
  return await takeCheckpoint(training, TINY_PROBLEM);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
