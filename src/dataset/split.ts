/** Splits a dataset into a training side and a validation side. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import {
  BOOLEAN,
  functionRule,
  integer,
  numberRule,
  optional,
  SEED,
  TEXT,
} from "../arguments/rule.ts";
import { forkPrng } from "../random/prng.ts";
import {
  checkDataset,
  type Dataset,
  readExample,
  selectExamples,
  selectWithForms,
} from "./dataset.ts";
import type { Example } from "../problem/example.ts";
import { runAtOnce, type Sliced } from "../time/slices.ts";
import { limitWeights, MAX_WEIGHT } from "./order.ts";
import { shuffledPositions } from "./shuffle.ts";

/** A dataset in two parts that share no example. */
export interface Split {
  /** The examples that the model learns from. */
  readonly training: Dataset;
  /** The examples that it is measured on. */
  readonly validation: Dataset;
  /**
   * The examples of a training with `swap`: those of `training`, then the swapped form of each in the same order, 2 N rows. It
   * shares its memory with `training`, so that the training side takes twice the memory. Absent without `swapOf`.
   */
  readonly withSwapped?: Dataset;
  /** Weights of the examples of `training` for a `weighted` training, uint16 (N), each at least 1. Absent without `weightOf`. */
  readonly weights?: Uint16Array;
  /** Makes the examples of an epoch for a training with `fresh`. Absent if they are the same in every epoch. */
  readonly fresh?: MakeFreshExamples;
}

/**
 * Makes the examples of an epoch, from 1: as many as the training side has, the same each time for the same epoch, none of them
 * held back. It yields the number of examples made.
 */
export type MakeFreshExamples = (epoch: number) => Sliced<Dataset>;

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
  /**
   * Gives the swapped form of an example, for a training with `swap`: a sum with its two numbers swapped. No swapped form of a
   * training example may be held back. If the dataset can have both forms, `groupOf` must give both the same name.
   */
  readonly swapOf?: (example: Example) => Example;
  /**
   * Gives the weight of an example for a `weighted` training, an integer from 1 to 1000: how often it is taken compared with an
   * example of weight 1. Repeats number at most half of the examples; larger weights are reduced in proportion.
   */
  readonly weightOf?: (example: Example) => number;
  /**
   * Says whether an example is never held back. `keep` has no effect if less than half of the other examples would remain for
   * training.
   */
  readonly keep?: (example: Example) => boolean;
}

/** Number of examples that are read, grouped or placed in a few milliseconds. */
const EXAMPLES_A_SLICE = 4096;
/** A JavaScript Map holds at most 2^24 keys. */
const MAX_GROUPS = 2 ** 24;

/** Decodes bytes to a text that differs for different bytes. */
const latin1 = new TextDecoder("latin1");

const RULES: Rules<SplitOptions> = {
  validationShare: numberRule("between 0 and 1", (share) => share > 0 && share < 1),
  seed: SEED,
  groupOf: optional(functionRule()),
  swapOf: optional(functionRule()),
  weightOf: optional(functionRule()),
  keep: optional(functionRule()),
};
/** The rule for a result of `weightOf`. */
const WEIGHT = integer(1, MAX_WEIGHT);

/**
 * Splits a dataset at random: a share of it is held back for validation, the rest is for training.
 *
 * @throws {TypeError} if the dataset is not valid, or an option is unknown or has a wrong type
 * @throws {RangeError} if the share is not in (0, 1), there are too few examples to hold any back, the swapped form of a
 *   training example would be held back, or a function returns a value that is out of its range
 * @example
 * ```ts
 * import { characterLayout, createDataset, splitDataset } from "@carry/seq2seq";
 * import { generateAddition } from "@carry/seq2seq/addition";
 * import { assertEquals } from "@std/assert";
 *
 * const layout = characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true });
 * const dataset = createDataset(generateAddition({ digits: 2, examples: 5000 }), layout);
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
  const { validationShare, seed, groupOf, swapOf, weightOf, keep } = resolveOptions(options, {
    action: "split",
    rules: RULES,
    defaults: { validationShare: 0.1, seed: 0 },
  });
  const { count } = dataset;
  const wanted = Math.floor(count * validationShare);
  const order = yield* shuffledPositions(count, forkPrng(seed, "split"));
  const kept = keep && (yield* findKept(dataset, keep, wanted));
  const [trained, held] = groupOf === undefined
    ? divideOrder(order, wanted, kept)
    : yield* divideGroups(order, { wanted, kept }, (at) => groupOf(readExample(dataset, at)));
  if (trained.length === 0 || held.length === 0) {
    throw new RangeError(
      `Cannot split ${count} examples: ${
        groupOf === undefined ? "too few examples" : "the groups are too few or too large"
      } to hold any back for validation (a share of ${validationShare})`,
    );
  }
  const validation = yield* selectExamples(dataset, held);
  const weights = weightOf && (yield* weighExamples(dataset, trained, weightOf));
  const weighed = weights && { weights };
  if (swapOf === undefined) {
    return { training: yield* selectExamples(dataset, trained), validation, ...weighed };
  }
  const both = yield* selectWithForms(dataset, trained, swapOf);
  yield* checkNoneIsHeldBack(both.withForms, validation);
  return { training: both.selected, validation, withSwapped: both.withForms, ...weighed };
}

/** Marks the examples that are never held back; gives undefined if too few others would remain for training. */
function* findKept(
  dataset: Dataset,
  keep: (example: Example) => boolean,
  wanted: number,
): Sliced<Uint8Array | undefined> {
  const kept = new Uint8Array(dataset.count);
  let others = dataset.count;
  for (let at = 0; at < dataset.count; at++) {
    const isKept: unknown = keep(readExample(dataset, at));
    checkValue("split", "what keep returns", isKept, BOOLEAN);
    kept[at] = isKept === true ? 1 : 0;
    others -= kept[at]!;
    if ((at + 1) % EXAMPLES_A_SLICE === 0) yield at;
  }
  return others < 2 * wanted ? undefined : kept;
}

/** Holds back the last examples of an order, except those that are kept. */
function divideOrder(
  order: Uint32Array,
  wanted: number,
  kept: Uint8Array | undefined,
): [Uint32Array, Uint32Array] {
  if (kept === undefined) {
    return [order.subarray(0, order.length - wanted), order.subarray(order.length - wanted)];
  }
  const trained = new Uint32Array(order.length - wanted);
  const held = new Uint32Array(wanted);
  let toHold = wanted;
  for (let i = order.length - 1; i >= 0; i--) {
    if (toHold > 0 && kept[order[i]!] === 0) held[--toHold] = order[i]!;
    else trained[i - toHold] = order[i]!;
  }
  return [trained, held];
}

function* weighExamples(
  dataset: Dataset,
  positions: Uint32Array,
  weightOf: (example: Example) => number,
): Sliced<Uint16Array> {
  const weights = new Uint16Array(positions.length);
  for (let i = 0; i < positions.length; i++) {
    const weight = weightOf(readExample(dataset, positions[i]!));
    checkValue("split", "what weightOf returns", weight, WEIGHT);
    weights[i] = weight;
    if ((i + 1) % EXAMPLES_A_SLICE === 0) yield i;
  }
  limitWeights(weights);
  return weights;
}

/**
 * Checks that no swapped form of a training example is held back, because validation would then measure memorized examples.
 *
 * @throws {RangeError} if one is held back
 */
function* checkNoneIsHeldBack(withSwapped: Dataset, validation: Dataset): Sliced<void> {
  const held = new Set<string>();
  for (let at = 0; at < validation.count; at++) {
    held.add(sourceOf(validation, at));
    if ((at + 1) % EXAMPLES_A_SLICE === 0) yield at;
  }
  for (let at = withSwapped.count / 2; at < withSwapped.count; at++) {
    if ((at + 1) % EXAMPLES_A_SLICE === 0) yield at;
    if (!held.has(sourceOf(withSwapped, at))) continue;
    throw new RangeError(
      `Cannot split: no swapped form of a training example may be held back, but ${
        JSON.stringify(readExample(withSwapped, at).question)
      } is; groupOf must give both forms the same name`,
    );
  }
}

/** Gives the indices of a source as a key. */
function sourceOf({ sources, source: { length } }: Dataset, at: number): string {
  return latin1.decode(sources.subarray(at * length, (at + 1) * length));
}

/** Holds whole groups back: goes from the last group to the first, and takes every one that fits and has no kept example. */
function* divideGroups(
  order: Uint32Array,
  { wanted, kept }: { readonly wanted: number; readonly kept: Uint8Array | undefined },
  groupOf: (at: number) => string,
): Sliced<[Uint32Array, Uint32Array]> {
  const groups = yield* findGroups(order, groupOf);
  const isKept = new Uint8Array(groups.sizes.length);
  kept?.forEach((each, at) => isKept[groups.groupOf[at]!]! |= each);
  const isHeld = new Uint8Array(groups.sizes.length);
  let held = 0;
  for (let group = groups.sizes.length - 1; group >= 0; group--) {
    const size = groups.sizes[group]!;
    if (isKept[group] === 1 || held + size > wanted) continue;
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
