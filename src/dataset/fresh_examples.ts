/** Fresh examples: other ones for every epoch, none of which is held back. @module */
import type { Layout } from "../codec/layout.ts";
import type { Example } from "../problem/example.ts";
import type { GeneratedExamples } from "../problem/problem.ts";
import { createDatasetBuilder, type Dataset, EXAMPLES_A_SLICE, readExample } from "./dataset.ts";
import type { Sliced } from "../time/slices.ts";
import type { MakeFreshExamples } from "./split.ts";

/** What fresh examples are made of. */
export interface FreshOptions {
  /** The problem's examples. */
  readonly generated: Pick<GeneratedExamples, "stream" | "groupOf" | "practice">;
  /** How they are laid out. */
  readonly layout: Layout;
  /** The examples that are held back. */
  readonly validation: Dataset;
  /** Number of examples of an epoch. */
  readonly count: number;
  /** Whether an epoch has an example as often as its weight at most, otherwise once. */
  readonly weighted: boolean;
}

/**
 * After this number of repeats in a row an epoch takes a repeat: there are hardly any other questions. Of 5,050 sums of 2 digits
 * an epoch takes nine tenths.
 */
const MOST_REPEATS = 100;
/** After this number of examples in a row that are held back, there are hardly any others. */
const MOST_HELD_BACK = 1_000_000;

/**
 * Prepares to make fresh examples. Each epoch draws from the problem's stream, and leaves out every example that is held back,
 * in any of its forms, and repeats within the epoch.
 */
export function prepareFreshExamples(
  { generated, layout, validation, count, weighted }: FreshOptions,
): MakeFreshExamples {
  const { groupOf = ({ question }: Example): string => question, practice } = generated;
  const weightOf = (weighted && practice?.weightOf) || ((): number => 1);
  const held = new Set<string>();
  for (let at = 0; at < validation.count; at++) held.add(groupOf(readExample(validation, at)));
  return (epoch) =>
    encodeChosen(generated.stream(epoch), { layout, held, groupOf, weightOf, count });
}

/** Which examples of a stream to take. */
interface Choice {
  /** How they are laid out. */
  readonly layout: Layout;
  /** Names of the examples that are left out. */
  readonly held: ReadonlySet<string>;
  /** Gives all forms of an example the same name. */
  readonly groupOf: (example: Example) => string;
  /** Gives the largest number of times that an example is taken. */
  readonly weightOf: (example: Example) => number;
  /** Number of examples to take. */
  readonly count: number;
}

/** Chooses and encodes at once: a generator for each of both would take a fifth longer. */
function* encodeChosen(
  stream: Iterable<Example>,
  { layout, held, groupOf, weightOf, count }: Choice,
): Sliced<Dataset> {
  const builder = createDatasetBuilder(layout);
  const times = new Map<string, number>();
  let [repeats, heldBack] = [0, 0];
  for (const example of stream) {
    const name = groupOf(example);
    if (held.has(name)) {
      if (++heldBack < MOST_HELD_BACK) continue;
      throw new RangeError(
        `Cannot make fresh examples: some must not be held back for validation, but ${MOST_HELD_BACK} in a row are`,
      );
    }
    heldBack = 0;
    const before = times.get(name);
    if (before !== undefined && before >= weightOf(example) && ++repeats < MOST_REPEATS) continue;
    repeats = 0;
    times.set(name, (before ?? 0) + 1);
    builder.add(example);
    if (builder.count === count) return builder.finish();
    if (builder.count % EXAMPLES_A_SLICE === 0) yield builder.count;
  }
  throw new RangeError(
    `Cannot make fresh examples: there must be ${count} for an epoch, but the stream ends after ${builder.count}`,
  );
}
