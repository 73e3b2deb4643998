/** Measures pairs that a program gives, chooses symbols and lengths, and divides and encodes the pairs. @module */
import { directAnswers, type Layout } from "../codec/layout.ts";
import { createDatasetBuilder, type Dataset } from "../dataset/dataset.ts";
import type { Split } from "../dataset/split.ts";
import { varyFeatures } from "../dataset/vary_features.ts";
import { type GivenPairs, type TakenPairs, takePairs } from "../problem/pairs/given_pairs.ts";
import { createHolding } from "../problem/pairs/hold_back.ts";
import { measureData, type PairMeter } from "../problem/pairs/pair_meter.ts";
import type { PairsSettings } from "../problem/pairs/settings.ts";
import type { Example } from "../problem/example.ts";
import { createPause } from "../time/pause.ts";
import type { TurnOptions } from "../time/slices.ts";
import { chooseReverse, pairsSettingsOf, type ResolvedFit } from "./fit_options.ts";

/** Pairs that are ready for training. */
export interface PreparedPairs {
  /** The settings of the problem. */
  readonly problem: PairsSettings;
  /** Symbols and lengths. */
  readonly layout: Layout;
  /** The encoded pairs. */
  readonly split: Split;
  /** Number of pairs that were left out, and what is wrong with the first of them. */
  readonly skipped: { readonly pairs: number; readonly first: readonly string[] };
  /** Share of the symbols of the questions that are unknown ones. */
  readonly unknownShare: number;
}

/** Number of pairs that are encoded in less than a millisecond. */
const PAIRS_A_SLICE = 256;

/**
 * Prepares pairs.
 *
 * @throws {TypeError | SyntaxError | RangeError} if a pair cannot be used, or no model can learn from them, with advice
 * @throws the signal's reason, if it aborts
 */
export async function preparePairs(
  pairs: GivenPairs,
  options: ResolvedFit,
): Promise<PreparedPairs> {
  const settings = pairsSettingsOf(options);
  const { meter, data } = await measureData<TakenPairs>(
    settings,
    (meter, before) =>
      before === undefined
        ? takeSide(pairs, { meter, side: "data", options })
        : takeAgain(before, { meter, side: "data", options }),
  );
  const validation = options.validation &&
    await takeSide(options.validation, { meter, side: "validation", options });
  const { laidOut, settings: measured } = meter.conclude(chooseReverse(options));
  const { unknownShare } = laidOut;
  const layout = directAnswers(laidOut.layout, options.reverseAnswers);
  const taken = validation === undefined ? [data] : [data, validation];
  const featureColumns = taken.some(({ hasFeatures }) => hasFeatures) ? ["features"] : [];
  const split = varyFeatures(
    validation === undefined ? await divide(data, measured, layout, options) : {
      training: await encode(data, layout, options),
      validation: await encode(validation, layout, options),
    },
    { ...measured, featureColumns },
  );
  return {
    ...{ problem: { ...measured, featureColumns }, layout, split, unknownShare },
    skipped: {
      pairs: taken.reduce((sum, { report }) => sum + report.badLines, 0),
      first: taken.flatMap(({ report }) => report.firstBadLines).slice(0, 5),
    },
  };
}

/** A side of which pairs are taken. */
interface Taking {
  readonly meter: PairMeter;
  readonly side: "data" | "validation";
  readonly options: ResolvedFit;
}

/** Takes pairs that were taken in another Unicode form. Those that could not be used stay left out. */
async function takeAgain(before: TakenPairs, taking: Taking): Promise<TakenPairs> {
  const taken = await takeSide(listPairs(before), taking);
  const [first, second] = [before.report, taken.report];
  return {
    ...taken,
    report: {
      ...second,
      lines: first.lines,
      badLines: first.badLines + second.badLines,
      firstBadLines: [...first.firstBadLines, ...second.firstBadLines],
    },
  };
}

function* listPairs({ questions, answers }: TakenPairs): Generator<Example> {
  for (let at = 0; at < questions.length; at++) {
    yield { question: questions[at]!, answer: answers[at]! };
  }
}

async function takeSide(
  pairs: GivenPairs,
  { meter, side, options }: Taking,
): Promise<TakenPairs> {
  const { signal, now, onProgress } = options;
  const taken = await takePairs(pairs, {
    ...{ name: side === "data" ? "pairs" : side, settings: meter.settings, now },
    take: meter.begin(side),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  meter.end(taken.report);
  return taken;
}

/** Encodes pairs, those that are held back apart. */
async function divide(
  taken: TakenPairs,
  { heldBack, seed }: PairsSettings,
  layout: Layout,
  turns: TurnOptions,
): Promise<Split> {
  const holds = createHolding(heldBack!, seed);
  const [training, validation] = [createDatasetBuilder(layout), createDatasetBuilder(layout)];
  await visitPairs(taken, turns, (question, answer) => {
    (holds(question) ? validation : training).add({ question, answer });
  });
  return { training: training.finish(), validation: validation.finish() };
}

async function encode(taken: TakenPairs, layout: Layout, turns: TurnOptions): Promise<Dataset> {
  const builder = createDatasetBuilder(layout);
  await visitPairs(taken, turns, (question, answer) => builder.add({ question, answer }));
  return builder.finish();
}

async function visitPairs(
  { questions, answers }: TakenPairs,
  { signal, now = () => performance.now() }: Pick<TurnOptions, "signal" | "now">,
  visit: (question: string, answer: string) => void,
): Promise<void> {
  const pause = createPause(now);
  for (let at = 0; at < questions.length; at++) {
    visit(questions[at]!, answers[at]!);
    if ((at + 1) % PAIRS_A_SLICE > 0) continue;
    await pause();
    signal?.throwIfAborted();
  }
}
