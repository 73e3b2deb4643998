/** Splits a dataset into a training side and a validation side. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { functionRule, numberRule, optional, SEED, TEXT } from "../arguments/rule.ts";
import { forkPrng } from "../random/prng.ts";
import { checkDataset, type Dataset, readExample, selectExamples } from "./dataset.ts";
import type { Example } from "../problem/example.ts";
import { runAtOnce, type Sliced } from "../time/slices.ts";
import { shuffledPositions } from "./shuffle.ts";

/** A dataset in two parts that share no example. */
export interface Split {
  /** The examples that the model learns from. */
  readonly training: Dataset;
  /** The examples that it is measured on. */
  readonly validation: Dataset;
}

/** How to split. */
export interface SplitOptions {
  /** Share of the examples held back, in (0, 1). Default 0.1. */
  readonly validationShare?: number;
  /** Seed. The same seed gives the same split. Default 0. */
  readonly seed?: number;
  /**
   * Gives the name of an example's group. All examples of a group go to the same side. Default: every example is a group of
   * its own, which is right if no example occurs twice, as with `generateAddition`.
   */
  readonly groupOf?: (example: Example) => string;
}

/** Number of examples that are read, grouped or placed in a few milliseconds. */
const EXAMPLES_A_SLICE = 4096;
/** A JavaScript Map holds at most 2^24 keys. */
const MAX_GROUPS = 2 ** 24;

const RULES: Rules<SplitOptions> = {
  validationShare: numberRule("between 0 and 1", (share) => share > 0 && share < 1),
  seed: SEED,
  groupOf: optional(functionRule()),
};

/**
 * Splits a dataset at random: a share of it is held back for validation, the rest is for training.
 *
 * @throws {TypeError} if the dataset is not valid, or an option is unknown or has a wrong type
 * @throws {RangeError} if the share is not in (0, 1), or there are too few examples to hold any back
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

/** Splits a dataset as {@linkcode splitDataset} does, in slices. The numbers that it yields have no meaning. */
export function* divideDataset(dataset: Dataset, options: SplitOptions = {}): Sliced<Split> {
  checkDataset("split", dataset);
  const { validationShare, seed, groupOf } = resolveOptions(options, {
    action: "split",
    rules: RULES,
    defaults: { validationShare: 0.1, seed: 0 },
  });
  const wanted = Math.floor(dataset.count * validationShare);
  const order = yield* shuffledPositions(dataset.count, forkPrng(seed, "split"));
  const [training, validation] = groupOf === undefined
    ? [order.subarray(0, dataset.count - wanted), order.subarray(dataset.count - wanted)]
    : yield* divideGroups(order, wanted, (at) => groupOf(readExample(dataset, at)));
  if (training.length === 0 || validation.length === 0) {
    throw new RangeError(
      `Cannot split ${dataset.count} examples: ${
        groupOf === undefined ? "too few examples" : "the groups are too few or too large"
      } to hold any back for validation (a share of ${validationShare})`,
    );
  }
  return {
    training: yield* selectExamples(dataset, training),
    validation: yield* selectExamples(dataset, validation),
  };
}

/** Holds whole groups back: goes from the last group to the first, and takes every one that still fits. */
function* divideGroups(
  order: Uint32Array,
  wanted: number,
  groupOf: (at: number) => string,
): Sliced<[Uint32Array, Uint32Array]> {
  const groups = yield* findGroups(order, groupOf);
  const isHeld = new Uint8Array(groups.sizes.length);
  let held = 0;
  for (let group = groups.sizes.length - 1; group >= 0; group--) {
    const size = groups.sizes[group]!;
    if (held + size > wanted) continue;
    isHeld[group] = 1;
    held += size;
  }
  const training = new Uint32Array(order.length - held);
  const validation = new Uint32Array(held);
  yield* placeGroups(order, groups, (group) => isHeld[group] === 1 ? validation : training);
  return [training, validation];
}

/** Groups, numbered in the order in which their first examples come. */
interface Groups {
  /** The group of every example, by its position in the dataset. */
  readonly groupOf: Uint32Array;
  /** Number of examples of every group. */
  readonly sizes: readonly number[];
}

function* findGroups(order: Uint32Array, nameOf: (at: number) => string): Sliced<Groups> {
  const numbers = new Map<string, number>();
  const groupOf = new Uint32Array(order.length);
  const sizes: number[] = [];
  let grouped = 0;
  for (const at of order) {
    if (++grouped % EXAMPLES_A_SLICE === 0) yield grouped;
    const name: unknown = nameOf(at);
    checkValue("split", "what groupOf returns", name, TEXT);
    let number = numbers.get(name as string);
    if (number === undefined) {
      if (numbers.size === MAX_GROUPS) {
        throw new RangeError(
          `Cannot split: there can be at most ${MAX_GROUPS} groups, but there are more`,
        );
      }
      number = numbers.size;
      numbers.set(name as string, number);
      sizes.push(0);
    }
    groupOf[at] = number;
    sizes[number]!++;
  }
  return { groupOf, sizes };
}

/** Writes every example to its side: the groups from the last to the first, the examples of each in their order. */
function* placeGroups(
  order: Uint32Array,
  { groupOf, sizes }: Groups,
  sideOf: (group: number) => Uint32Array,
): Sliced<void> {
  const filled = new Map<Uint32Array, number>();
  const next = new Array<number>(sizes.length);
  for (let group = sizes.length - 1; group >= 0; group--) {
    const side = sideOf(group);
    next[group] = filled.get(side) ?? 0;
    filled.set(side, next[group]! + sizes[group]!);
  }
  let placed = 0;
  for (const at of order) {
    if (++placed % EXAMPLES_A_SLICE === 0) yield placed;
    const group = groupOf[at]!;
    sideOf(group)[next[group]!++] = at;
  }
}
