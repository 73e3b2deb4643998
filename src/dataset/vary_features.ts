/** How the features of questions are practised: in another order in every epoch, and rare ones more often. @module */
import { FEATURE_MARK } from "../codec/layout.ts";
import type { TextCodec } from "../codec/text_codec.ts";
import type { PairsSettings } from "../problem/pairs/settings.ts";
import { forkPrng, type Prng } from "../random/prng.ts";
import type { Sliced } from "../time/slices.ts";
import { type Dataset, EXAMPLES_A_SLICE, markChecked } from "./dataset.ts";
import { limitWeights } from "./order.ts";
import type { Split } from "./split.ts";

/**
 * An example whose rarest feature occurs less often is taken as often as makes up for it. Of 1,000 Hungarian forms 89 have a feature that
 * one pair of 7,000 has; without repeats they were all wrong.
 */
const OFTEN = 20;

/**
 * Adds to a split how features are practised: the weights of a `weighted` training, by the rarest feature of each example, and
 * with the order `random` the examples of every epoch with their features in another order. Without columns of features it stays as it is.
 */
export function varyFeatures(
  split: Split,
  { featureColumns, featureOrder }: Pick<PairsSettings, "featureColumns" | "featureOrder">,
): Split {
  const { training } = split;
  if (featureColumns.length === 0) return split;
  const isFeature = markFeatures(training.source);
  return {
    ...split,
    weights: weighByFeatures(training, isFeature),
    ...(featureOrder === "random" && {
      varied: (epoch: number, seed: number) =>
        shuffleFeatures(training, isFeature, { epoch, seed }),
    }),
  };
}

/** Marks the symbols of a table that are features. */
function markFeatures({ layout: { symbols } }: TextCodec): Uint8Array {
  return Uint8Array.from(
    symbols,
    (symbol) => Number(symbol.length > FEATURE_MARK.length && symbol.startsWith(FEATURE_MARK)),
  );
}

/** Gives the weight of every example: 20 / c, where c counts the pairs with its rarest feature, and at least 1. */
function weighByFeatures(
  { count, source: { length }, sources }: Dataset,
  isFeature: Uint8Array,
): Uint16Array {
  const counts = new Uint32Array(isFeature.length);
  for (const symbol of sources) counts[symbol]!++;
  const weights = new Uint16Array(count);
  for (let row = 0; row < count; row++) {
    let rarest = OFTEN;
    for (let at = row * length; at < (row + 1) * length; at++) {
      const symbol = sources[at]!;
      if (isFeature[symbol] === 1) rarest = Math.min(rarest, counts[symbol]!);
    }
    weights[row] = Math.round(OFTEN / rarest);
  }
  limitWeights(weights);
  return weights;
}

/** Makes the examples of an epoch: the features of each question change places. The same seed and epoch give the same order. */
function* shuffleFeatures(
  dataset: Dataset,
  isFeature: Uint8Array,
  { epoch, seed }: { readonly epoch: number; readonly seed: number },
): Sliced<Dataset> {
  const { count, source: { length } } = dataset;
  const prng = forkPrng(seed, `features/${epoch}`);
  const sources = dataset.sources.slice();
  const places: number[] = [];
  for (let row = 0; row < count; row++) {
    places.length = 0;
    for (let at = row * length; at < (row + 1) * length; at++) {
      if (isFeature[sources[at]!] === 1) places.push(at);
    }
    shufflePlaces(sources, places, prng);
    if ((row + 1) % EXAMPLES_A_SLICE === 0) yield row + 1;
  }
  return markChecked({ ...dataset, sources });
}

/** Shuffles what stands at some places (Fisher & Yates 1938; Durstenfeld 1964). */
function shufflePlaces(list: Uint8Array, places: readonly number[], prng: Prng): void {
  for (let last = places.length - 1; last > 0; last--) {
    const [a, b] = [places[last]!, places[prng.nextInt(last + 1)]!];
    [list[a], list[b]] = [list[b]!, list[a]!];
  }
}
