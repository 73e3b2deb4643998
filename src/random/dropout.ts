/**
 * Which values dropout keeps: a hash of where a value is, so that every device and every number of threads drops the same ones, and
 * nothing random is stored. A device computes it by 32-bit integers, as this file does.
 *
 *   mix(x): x ^= x >> 16;  x *= 0x7feb352d;  x ^= x >> 15;  x *= 0x846ca68b;  x ^= x >> 16
 *   step key    = mix(seed + step · 0x9e3779b9)
 *   row key     = mix(step key + row · 0x85ebca6b)
 *   place key   = mix(row key + (site · 4096 + t) · 0xc2b2ae35)
 *   value       = mix(place key + feature · 0x9e3779b9) >> 8, of 24 bits; it is kept if it is `dropThreshold(rate)` or more
 *
 * All products and sums are modulo 2^32. `row` is the row among the held examples, `t` the position, `feature` the place in the
 * vector; `site` says which vectors: see {@linkcode dropoutSites}. Kept values are multiplied by 1 / (1 - rate).
 *
 * Source: dropout, Srivastava et al. 2014; mix, "lowbias32" of Wellons' hash prospector (public domain).
 *
 * @module
 */

/** Mixes the bits of a 32-bit integer. */
export function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Gives the key of a step. @param step number of the step, from 1 */
export function dropoutStepKey(seed: number, step: number): number {
  return mix((seed + Math.imul(step, 0x9e3779b9)) >>> 0);
}

/** Gives the key of an example in a step. */
export function dropoutRowKey(stepKey: number, row: number): number {
  return mix((stepKey + Math.imul(row, 0x85ebca6b)) >>> 0);
}

/** Gives the key of a vector of an example. */
export function dropoutPlaceKey(rowKey: number, site: number, t: number): number {
  return mix((rowKey + Math.imul(site * 4096 + t, 0xc2b2ae35)) >>> 0);
}

/** Says whether a value of a vector is kept. @param threshold that of {@linkcode dropThreshold} */
export function isKept(placeKey: number, feature: number, threshold: number): boolean {
  return mix((placeKey + Math.imul(feature, 0x9e3779b9)) >>> 0) >>> 8 >= threshold;
}

/** Converts a share of dropped values to a threshold of 24 bits. */
export function dropThreshold(rate: number): number {
  return Math.round(rate * 2 ** 24);
}

/** The numbers of the places where a network with attention drops values. */
export interface DropoutSites {
  /** Embeddings of the source. */
  readonly sourceEmbedding: number;
  /** States of each encoder layer, as the next layer or the attention reads them (both directions are one vector). */
  readonly encoder: readonly number[];
  /** Embeddings of the target. */
  readonly targetEmbedding: number;
  /** States of each decoder layer but the last, as the next layer reads them. */
  readonly decoderLayers: readonly number[];
  /** Output of the attention. */
  readonly attention: number;
}

/** Numbers the places, in the order of the layers. */
export function dropoutSites(encoderLayers: number, decoderLayers: number): DropoutSites {
  const target = 1 + encoderLayers;
  return {
    sourceEmbedding: 0,
    encoder: Array.from({ length: encoderLayers }, (_, i) => 1 + i),
    targetEmbedding: target,
    decoderLayers: Array.from({ length: decoderLayers - 1 }, (_, i) => target + 1 + i),
    attention: target + decoderLayers,
  };
}
