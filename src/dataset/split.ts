/** What is trained on and what is held back. @module */
import { forkPrng } from "../random/prng.ts";
import { type Dataset, readExample, selectExamples } from "./dataset.ts";
import type { Example } from "../problem/example.ts";
import { runAtOnce, type Sliced } from "../time/slices.ts";
import { shuffledPositions } from "./shuffle.ts";

/** A dataset in two parts that share no example. */
export interface Split {
  /** What the model learns from. */
  readonly training: Dataset;
  /** What it is measured on. */
  readonly validation: Dataset;
}

/** How to split. */
export interface SplitOptions {
  /** Share of the examples held back, in (0, 1). Default 0.1. */
  readonly validationShare?: number;
  /** Same seed, same split. Default 0. */
  readonly seed?: number;
  /**
   * Names the group of an example; a group stays whole, on one side. Without it every example is its own group, which
   * is right where no example comes twice, as in what `generateAddition` makes.
   */
  readonly groupOf?: (example: Example) => string;
}

/** Examples read and grouped in a few milliseconds. */
const EXAMPLES_A_SLICE = 4096;

/**
 * Shuffles a dataset and holds a share of it back.
 *
 * @throws {RangeError} if the share is not in (0, 1) or leaves one side empty
 * @example
 * ```ts
 * import {
 *   ADDITION_CHARACTERS, createCharacterTable, createDataset, generateAddition, splitDataset,
 * } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const table = createCharacterTable(ADDITION_CHARACTERS);
 * const examples = generateAddition({ digits: 2, examples: 5000 });
 * const dataset = createDataset(examples, table, { inputLength: 5, outputLength: 3 });
 * const { training, validation } = splitDataset(dataset, { seed: 1 });
 * assertEquals([training.count, validation.count], [4500, 500]);
 * ```
 */
export function splitDataset(dataset: Dataset, options: SplitOptions = {}): Split {
  return runAtOnce(divideDataset(dataset, options));
}

/** Does what {@linkcode splitDataset} does, in slices; what it yields has no meaning. */
export function* divideDataset(dataset: Dataset, options: SplitOptions = {}): Sliced<Split> {
  const { validationShare = 0.1, seed = 0, groupOf } = options;
  if (!(validationShare > 0 && validationShare < 1)) {
    throw new RangeError(
      `Cannot split: the share held back must be between 0 and 1, but is ${validationShare}`,
    );
  }
  const wanted = Math.floor(dataset.count * validationShare);
  const order = yield* shuffledPositions(dataset.count, forkPrng(seed, "split"));
  const [training, validation] = groupOf === undefined
    ? [order.subarray(0, dataset.count - wanted), order.subarray(dataset.count - wanted)]
    : yield* divideGroups(order, wanted, (at) => groupOf(readExample(dataset, at)));
  if (training.length === 0 || validation.length === 0) {
    throw new RangeError(
      `Cannot split ${dataset.count} examples: both sides must have one, but they would have ${training.length} and ${validation.length}`,
    );
  }
  return {
    training: yield* selectExamples(dataset, training),
    validation: yield* selectExamples(dataset, validation),
  };
}

/** Holds whole groups back, in the order of their last members, while they fit. */
function* divideGroups(
  order: Uint32Array,
  wanted: number,
  groupOf: (at: number) => string,
): Sliced<[Uint32Array, Uint32Array]> {
  const groups = new Map<string, number[]>();
  let grouped = 0;
  for (const at of order) {
    if (++grouped % EXAMPLES_A_SLICE === 0) yield grouped;
    const group = groupOf(at);
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [at]);
    else members.push(at);
  }
  const training: number[] = [];
  const validation: number[] = [];
  for (const members of [...groups.values()].reverse()) {
    const side = validation.length + members.length <= wanted ? validation : training;
    for (const at of members) side.push(at); // a group may have millions: too many for arguments
  }
  return [Uint32Array.from(training), Uint32Array.from(validation)];
}
