/** Files that Keras has saved, what their models answer there, and how their training goes on. See tests/vectors/keras_files.py. @module */
import { findKind, resolveProblem } from "../../src/problem/registry.ts";
import type { Examples } from "../../src/device/executor.ts";
import type { ImportOptions } from "../../src/interop/foreign_model.ts";

/** Files of Keras 2.15: tests/vectors/keras2_files.py. */
export const KERAS_2_NAMES = [
  "keras2.h5",
  "keras2.keras",
  "keras2_legacy_adam.h5",
  "keras2_clipped.h5",
];

/** The folder of the files that are kept with the tests, compressed. */
export const FIXTURES = new URL("../vectors/keras/", import.meta.url);
/** Their names. */
export const FIXTURE_NAMES = [
  "lstm.keras",
  "gru.keras",
  "simple.weights.h5",
  "lstm.h5",
  "gru_weights.h5",
];
/** Steps and batch size of the training that goes on. */
export const STEPS = 20;
export const BATCH_SIZE = 8;
/** Number of steps before the file was saved. */
export const STEPS_BEFORE = 4;

const SYMBOLS = 12;
const INPUT_LENGTH = 5;
const OUTPUT_LENGTH = 3;

/** What the files do not say: sums of up to two digits have the same sizes. */
export const SUMS: Required<Pick<ImportOptions, "layout" | "problem">> = describeSums();

function describeSums(): Required<Pick<ImportOptions, "layout" | "problem">> {
  const problem = resolveProblem({ name: "addition", digits: 2 });
  return { problem, layout: findKind("addition").layOut!(problem, true) };
}

/** A file and what Keras says of it. */
export interface KerasFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Probabilities of the questions, float32 (N, 3, 12). */
  readonly probabilities: Float32Array;
  /** The loss of each of 20 more steps; undefined if the file has no optimiser. */
  readonly losses: Float32Array | undefined;
  /** All parameters after them, one after the other. */
  readonly after: Float32Array | undefined;
}

/** Reads a file of a folder. */
export async function readKerasFile(name: string, folder: URL = FIXTURES): Promise<KerasFile> {
  const read = async (suffix: string): Promise<Float32Array | undefined> => {
    try {
      return new Float32Array((await Deno.readFile(new URL(name + suffix, folder))).buffer);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  };
  return {
    bytes: folder === FIXTURES
      ? await unpack(new URL(`${name}.gz`, folder))
      : await Deno.readFile(new URL(name, folder)),
    probabilities: (await read(".probabilities"))!,
    losses: await read(".losses"),
    after: await read(".after"),
  };
}

/** Reads a compressed file. */
async function unpack(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([await Deno.readFile(url)]).stream();
  return await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).bytes();
}

/** Draws indices as the Python program does. */
function draw(count: number, length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: count * length }, (_, at) => {
    const [i, t] = [Math.floor(at / length), at % length];
    return (i * 7919 + t * 104729 + i * t * 31 + i * i * 17 + seed) % 65537 % SYMBOLS;
  });
}

/** Draws the sources of some questions. */
export function drawQuestions(count: number): Uint8Array {
  return draw(count, INPUT_LENGTH, 1);
}

/** Draws the examples of all steps. */
export function drawExamples(): Examples {
  const count = (STEPS_BEFORE + STEPS) * BATCH_SIZE;
  return {
    count,
    sources: draw(count, INPUT_LENGTH, 3),
    targets: draw(count, OUTPUT_LENGTH, 5),
  };
}
