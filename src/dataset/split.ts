/** Splits a dataset into a training side and a validation side. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { BOOLEAN, functionRule, integer, numberRule, optional, SEED } from "../arguments/rule.ts";
import { forkPrng } from "../random/prng.ts";
import { checkDataset, type Dataset, EXAMPLES_A_SLICE, readExample } from "./dataset.ts";
import { divideGroups } from "./divide_groups.ts";
import { selectExamples, selectWithForms } from "./select_examples.ts";
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
  /** Gives the examples of `training` another form for every epoch. Absent if they have one. */
  readonly varied?: MakeVariedExamples;
}

/**
 * Gives the examples of the training side the form that they have in an epoch, from 1: the same rows, with as many symbols each. The same
 * epoch and seed give the same forms. It yields the number of examples made.
 */
export type MakeVariedExamples = (epoch: number, seed: number) => Sliced<Dataset>;

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
