/** Chooses the questions that are held back for validation. @module */
import { forkPrng } from "../../random/prng.ts";
import { hashText, mixHash } from "./hash_text.ts";
import type { QuestionGroup } from "./pair_index.ts";

/** Which questions are held back. It is saved with the settings, so that another reading of the file divides it alike. */
export interface HeldBack {
  /** Questions are held back whose place, by hash and seed, is below this: an integer from 1 to 2^32. */
  readonly places: number;
  /** Hashes of questions that have such a place and too many pairs: they are not held back. */
  readonly except: readonly number[];
  /** Number of pairs that are held back. */
  readonly pairs: number;
}

/** The choice of questions to hold back, and what it amounts to. */
export interface HeldBackChoice {
  readonly heldBack: HeldBack;
  /** Number of different questions that are held back. */
  readonly questions: number;
  /** Number of pairs held back whose answer is the question: what copying would get right. */
  readonly copied: number;
}

/** A question with more than this part of the pairs that are wanted is never held back. */
const LARGEST_PART = 1 / 4;
/** Most questions that are not held back because they have too many pairs: their hashes are a part of every checkpoint. */
export const MOST_EXCEPTIONS = 10_000;
/** Values of `mixHash`. */
const WORDS = 2 ** 32;
/** Most pairs of a question beside its place in one number. */
const MOST_PAIRS = 2 ** 20;

/**
 * Chooses the questions that are held back: all pairs with the same question are on one side.
 *
 * Every question gets a place by a hash of its text and the seed. Questions are held back from the first place on, until their
 * pairs are the share that was asked for. So the choice does not depend on the order of the lines, and no list is kept. A
 * question with more than a quarter of the pairs that are wanted stays in the training, because it would be most of the validation,
 * unless all have so many.
 *
 * @param share the share of the pairs to hold back, in (0, 1)
 * @throws {RangeError} if nothing would be left on a side
 */
export function chooseHeldBack(
  groups: () => Iterable<QuestionGroup>,
  { share, seed }: { readonly share: number; readonly seed: number },
): HeldBackChoice {
  const word = drawWord(seed);
  let [all, questions, smallest] = [0, 0, Infinity];
  for (const { pairs } of groups()) {
    all += pairs;
    questions++;
    smallest = Math.min(smallest, pairs);
  }
  const wanted = Math.max(1, Math.round(all * share));
  const largest = Math.max(smallest, wanted * LARGEST_PART, Math.floor(all / MOST_EXCEPTIONS));
  const places = findPlaces(groups, { word, largest, questions, wanted });
  const result = { questions: 0, copied: 0 };
  let held = 0;
  const except: number[] = [];
  for (const { hash, pairs, copies } of groups()) {
    if (mixHash(hash, word) >= places) continue;
    if (pairs > largest) {
      except.push(hash);
      continue;
    }
    held += pairs;
    result.copied += copies;
    result.questions++;
  }
  if (held === 0 || result.questions === questions) {
    throw new RangeError(
      `Cannot hold back ${share} of ${all} pairs: both sides need a question of their own, but ${
        questions === 1
          ? "all pairs have the same question"
          : `there are only ${questions} different ones`
      }; give pairs for validation instead`,
    );
  }
  return { heldBack: { places, except, pairs: held }, ...result };
}

/** Makes a function that says whether a question is held back. */
export function createHolding(
  { places, except }: Pick<HeldBack, "places" | "except">,
  seed: number,
): (question: string) => boolean {
  const word = drawWord(seed);
  const exceptions = new Set(except);
  return (question) => {
    const hash = hashText(question);
    return mixHash(hash, word) < places && !exceptions.has(hash);
  };
}

/** Draws the word that is mixed with hashes. */
function drawWord(seed: number): number {
  return forkPrng(seed, "split").nextInt(WORDS) | 0;
}

/** Finds the place before which the questions have the wanted number of pairs. */
function findPlaces(
  groups: () => Iterable<QuestionGroup>,
  { word, largest, questions, wanted }: {
    readonly word: number;
    readonly largest: number;
    readonly questions: number;
    readonly wanted: number;
  },
): number {
  const places = new Float64Array(questions); // sorted as numbers: the place, then the number of pairs
  let count = 0;
  for (const { hash, pairs } of groups()) {
    if (pairs <= largest) {
      places[count++] = mixHash(hash, word) * MOST_PAIRS + Math.min(pairs, MOST_PAIRS - 1);
    }
  }
  const sorted = places.subarray(0, count).sort();
  let held = 0;
  for (const each of sorted) {
    held += each % MOST_PAIRS;
    if (held >= wanted) return Math.floor(each / MOST_PAIRS) + 1;
  }
  return WORDS;
}
