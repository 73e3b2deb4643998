/** Measures a model on a dataset. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { describeFound, instanceOf, optional } from "../arguments/rule.ts";
import { writesEdits } from "../codec/answer_edits.ts";
import { findDifference, type TextLayout } from "../codec/layout.ts";
import { acceptAnswers, countRight } from "../dataset/accept_answers.ts";
import { BATCH_SIZE } from "../dataset/batches.ts";
import { checkDataset, type Dataset } from "../dataset/dataset.ts";
import type { HeldExamples } from "../device/executor.ts";
import { type MediaBundle, showAs } from "../display/display.ts";
import { checkModel, watchModel } from "../model/in_use.ts";
import type { Model } from "../model/model.ts";
import { computeRanges } from "../time/ranges.ts";
import { TURN_RULES, type TurnOptions } from "../time/slices.ts";

/** The metrics of a model on a dataset. A notebook shows them as a table. */
export interface Evaluation {
  /** Mean cross-entropy per target character, in nats. */
  readonly loss: number;
  /** Share of correct characters of those that count, from 0 to 1. */
  readonly characterAccuracy: number;
  /** Share of examples with every character correct, from 0 to 1. Of answers that are written as edits the texts are compared. */
  readonly exactMatch: number;
  /** Number of examples measured. */
  readonly examples: number;
}

/** How to evaluate. The signal stops it between two batches. Progress is counted in examples. */
export interface EvaluateOptions extends TurnOptions {
  /** Number of examples computed together, 1 to 65,536. Default: so many that the device takes about 0.1 s. */
  readonly batchSize?: number;
  /** Array that is filled with the indices of the most probable characters, uint8 (N, T_out). */
  readonly answers?: Uint8Array;
}

const ACTION = "evaluate";

const RULES: Rules<EvaluateOptions> = {
  batchSize: optional(BATCH_SIZE),
  answers: optional(instanceOf(Uint8Array)),
  ...TURN_RULES,
};

/**
 * Measures a model on every example of a dataset. The same characters count as in training: with the decoder `repeat` padding
 * too, with `attention` those up to the end symbol.
 *
 * @throws {TypeError} if the dataset does not fit the model, or an option is unknown or has a wrong type
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the model was disposed of or was trained meanwhile, or if the device was lost or failed
 * @throws the signal's reason, if it aborts
 */
export async function evaluate(
  model: Model,
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { answers, ...others } = resolveOptions(options, {
    action: ACTION,
    rules: RULES,
    defaults: { now: () => performance.now() },
  });
  checkModel(ACTION, model);
  checkDataset(ACTION, dataset);
  checkFit(model, dataset);
  const characters = dataset.count * dataset.target.length;
  if (answers !== undefined && answers.length !== characters) {
    throw new RangeError(
      `Cannot evaluate: answers must have a byte for each of ${characters} target characters, but has ${answers.length}`,
    );
  }
  using held = model.executor.hold(dataset);
  return await measureHeld(model, { held, dataset }, { ...others, ...(answers && { answers }) });
}

/** Examples on the device and on the host. */
export interface HeldDataset {
  readonly held: HeldExamples;
  /** The same examples. */
  readonly dataset: Dataset;
}

/** Measures a model on examples that fit it and that its executor holds. @throws the signal's reason, if it aborts */
export async function measureHeld(
  model: Model,
  { held, dataset }: HeldDataset,
  { batchSize, answers: wanted, ...turns }: EvaluateOptions,
): Promise<Evaluation> {
  const { executor, target: { length: outputLength, layout } } = model;
  const { count } = held;
  const answers = wanted ??
    (writesEdits(layout) ? new Uint8Array(count * outputLength) : undefined);
  const sums = { loss: 0, counted: 0, characters: 0, exactMatches: 0 };
  await computeRanges({
    ...{ count, size: batchSize ?? executor.examplesAtOnce, check: watchModel(ACTION, model) },
    compute: (from, to) => executor.measure(held, { from, to, answers: answers !== undefined }),
    take(measured, from): void {
      sums.loss += measured.loss;
      sums.counted += measured.counted;
      sums.characters += measured.characters;
      sums.exactMatches += measured.exactMatches;
      if (measured.answers !== undefined) answers?.set(measured.answers, from * outputLength);
    },
  }, turns);
  if (answers !== undefined) acceptAnswers(dataset, answers);
  const right = writesEdits(layout) ? countRight(dataset, answers!) : sums.exactMatches;
  return showAs({
    loss: sums.loss / sums.counted,
    characterAccuracy: sums.characters / sums.counted,
    exactMatch: right / count,
    examples: count,
  }, viewEvaluation);
}

/** Shows the metrics of a model in a notebook. */
export async function viewEvaluation(evaluation: Evaluation): Promise<MediaBundle> {
  return (await import("../notebook/show_evaluation.ts")).showEvaluation(evaluation);
}

/** Checks that a dataset is laid out as a model reads and writes. @throws {TypeError} if not */
export function checkFit(model: Pick<Model, "config">, dataset: Dataset): void {
  for (const side of ["source", "target"] as const) {
    const [wanted, found] = [model.config[side], dataset[side].layout];
    const field = findDifference(wanted, found);
    if (field === undefined) continue;
    throw new TypeError(
      `Cannot use the dataset: it must be laid out as the model, whose ${side} has the ${field} ${
        describeField(wanted, field)
      }, but that of the dataset is ${describeField(found, field)}`,
    );
  }
}

function describeField(layout: TextLayout, field: keyof TextLayout): string {
  return describeFound(field === "symbols" ? layout.symbols.join(layout.separator) : layout[field]);
}
