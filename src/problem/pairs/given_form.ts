/** The Unicode form in which pairs are read, as it is given: a form, or that one is to be chosen. @module */
import type { Normalization } from "../../codec/layout.ts";

/** A form to choose; `auto`: NFC or NFD, chosen from the pairs to learn from. */
export type GivenNormalization = Normalization | "auto";

/** Gives the form in which texts are read until one is chosen. */
export function formOf(normalize: GivenNormalization): Normalization {
  return normalize === "auto" ? "NFC" : normalize;
}
