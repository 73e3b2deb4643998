/** Encodes the events of a training for TensorBoard. @module */
import { resolveOptions, type Rules } from "../../arguments/resolve_options.ts";
import { BOOLEAN, objectRule, optional } from "../../arguments/rule.ts";
import { isLogged } from "../../checkpoint/logged_steps.ts";
import { summarizeModel } from "../../network/summary.ts";
import type { ProblemSettings } from "../../problem/problem.ts";
import { CLOCK, type Clock } from "../../time/clock.ts";
import type { EndEvent, EpochEvent, Sample, StepEvent } from "../../training/events.ts";
import type { FitEvent } from "../../training/fit_events.ts";
import type { Training } from "../../training/training.ts";
import { createEventEncoder, type EventEncoder, joinBytes } from "./event_encoder.ts";
import { listHyperparameters, type LoggedSettings } from "./hyperparameters.ts";
import { writeTable } from "./markdown.ts";
import { drawModelGraph } from "./model_graph.ts";

/** Encodes a training as it goes on. Its methods give bytes to append to the training's event file; none if there is nothing to add. */
export interface TrainingLog {
  /** Begins the file: configuration, hyperparameters, and the graph of the model. Call it first. */
  begin(): Uint8Array<ArrayBuffer>;
  /** Encodes an event of `train()` or `fit()`. */
  encode(event: FitEvent): Uint8Array<ArrayBuffer>;
  /** Encodes that the training has failed. */
  fail(): Uint8Array<ArrayBuffer>;
}

/** Options of {@linkcode createTrainingLog}. */
export interface TrainingLogOptions {
  /** Gives the time of an event, in milliseconds since 1970 began. */
  readonly now: Clock;
  /** What is learned, for the hyperparameters. Default: not said. */
  readonly problem?: ProblemSettings;
  /**
   * Whether files of the same training are in the folder already. They have its graph and its hyperparameters, and what they say of later
   * steps is discarded. TensorBoard keeps the first hyperparameters of a folder, so an option that has changed since then, such as
   * `epochs`, is in the text `configuration` alone.
   * Default: whether the training has taken a step.
   */
  readonly continues?: boolean;
}

const RULES: Rules<TrainingLogOptions> = {
  now: CLOCK,
  problem: optional(objectRule()),
  continues: BOOLEAN,
};

/** Most steps and most epochs with numbers. TensorBoard draws at most 1,000 points a curve unless told otherwise. */
const MOST_POINTS = 10_000;
/** Most epochs with samples. TensorBoard shows ten of them unless told otherwise. */
const MOST_TEXTS = 100;
/** Most samples in a table. */
const MOST_SAMPLES = 100;

/**
 * Makes what encodes a training for TensorBoard: after steps loss, character accuracy and learning rate; after epochs these, validation
 * loss and exact match, and a table of samples; and, as it begins, configuration, hyperparameters and graph. All of them are placed by the
 * number of steps taken. A longer training has every second step, or every third, and so on, so that a file has
 * about 5 MB at most, besides its texts.
 *
 * A training that is continued goes on in a file of its own in the same folder. The name of the later file must come after that of the
 * earlier one in the order of their characters.
 *
 * @throws {TypeError} if an option is unknown, is missing or has a wrong type
 * @example
 * ```ts
 * import {
 *   characterLayout, chooseDevice, createDataset, createModel, createTraining, splitDataset, train,
 * } from "@carry/seq2seq";
 * import { generateAddition } from "@carry/seq2seq/addition";
 * import { createTrainingLog } from "@carry/seq2seq/interop";
 *
 * const layout = characterLayout(" +0123456789", { inputLength: 3, outputLength: 2, reverse: true });
 * const split = splitDataset(createDataset(generateAddition({ digits: 1 }), layout));
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 16, layers: 1, ...layout,
 * }, { device: await chooseDevice("cpu") });
 * using training = createTraining(model, { epochs: 2 });
 *
 * const log = createTrainingLog(training, { now: () => performance.timeOrigin + performance.now() });
 * const file = [log.begin()]; // or append each to logs/first/events.out.tfevents.1700000000.carry
 * for await (const event of train(training, split)) file.push(log.encode(event));
 * ```
 * @example The events of `fit()`
 * ```ts
 * import { fit } from "@carry/seq2seq";
 * import { createTrainingLog, type TrainingLog } from "@carry/seq2seq/interop";
 *
 * const pairs = Array.from({ length: 40 }, (_, i) => ({ question: `${i}`, answer: `${i + 1}` }));
 * const file: Uint8Array<ArrayBuffer>[] = [];
 * let log: TrainingLog | undefined;
 * using fitted = await fit(pairs, {
 *   epochs: 1,
 *   onEvent(event, { training, problem }): void {
 *     if (log === undefined) {
 *       log = createTrainingLog(training, { now: () => performance.timeOrigin + performance.now(), problem });
 *       file.push(log.begin());
 *     }
 *     file.push(log.encode(event));
 *   },
 * });
 * ```
 */
export function createTrainingLog(training: Training, options: TrainingLogOptions): TrainingLog {
  const { step: first } = training.progress;
  const { now, problem, continues } = resolveOptions(options, {
    action: "make the log of a training",
    rules: RULES,
    defaults: { continues: first > 0 },
  });
  const settings: LoggedSettings = {
    ...{ training: training.options, model: training.model.config, problem },
  };
  const encoder = createEventEncoder({ now });
  return {
    begin: () => encodeBeginning(encoder, settings, { step: first, continues }),
    encode: encodeWith(encoder, training),
    fail: () => encoder.end("failure"),
  };
}

const NOTHING = new Uint8Array(0);

function encodeBeginning(
  encoder: EventEncoder,
  settings: LoggedSettings,
  { step, continues }: { readonly step: number; readonly continues: boolean },
): Uint8Array<ArrayBuffer> {
  const values = listHyperparameters(settings);
  const rows = Object.entries(values).map(([name, value]) => [name, String(value)]);
  const summary = summarizeModel(settings.model).replaceAll(/^/gm, "    ");
  const configuration = `${writeTable(["setting", "value"], rows)}\n\n${summary}\n`;
  return joinBytes([
    encoder.start(continues ? step + 1 : 0),
    ...(continues
      ? []
      : [encoder.hyperparameters(values), encoder.graph(drawModelGraph(settings.model))]),
    encoder.texts(step, { configuration }),
  ]);
}

/** Makes the function that encodes events. */
function encodeWith(
  encoder: EventEncoder,
  { options: { epochs }, progress: { step: first } }: Training,
): TrainingLog["encode"] {
  let last: StepEvent | undefined;
  let stepOfEpoch = first;
  return (event) => {
    switch (event.event) {
      case "step":
        last = event;
        if (!isLogged(event.step, event.steps, MOST_POINTS)) return NOTHING;
        return encodeStep(encoder, event);
      case "epoch":
        stepOfEpoch = event.step;
        if (!isLogged(event.epoch, epochs, MOST_POINTS)) return NOTHING;
        return encodeEpoch(encoder, event, last);
      case "samples":
        if (!isLogged(event.epoch, epochs, MOST_TEXTS)) return NOTHING;
        return encoder.texts(stepOfEpoch, { samples: describeSamples(event.samples) });
      case "end":
        return encodeEnd(encoder, event);
      default:
        return NOTHING;
    }
  };
}

function encodeStep(
  encoder: EventEncoder,
  { step, loss, characterAccuracy, learningRate }: StepEvent,
): Uint8Array<ArrayBuffer> {
  return encoder.scalars(step, {
    "step/loss": loss,
    "step/character_accuracy": characterAccuracy,
    "step/learning_rate": learningRate,
  });
}

function encodeEpoch(
  encoder: EventEncoder,
  { step, loss, validationLoss, exactMatch, characterAccuracy }: EpochEvent,
  last: StepEvent | undefined,
): Uint8Array<ArrayBuffer> {
  return encoder.scalars(step, {
    "epoch/loss": loss,
    "epoch/validation_loss": validationLoss,
    "epoch/exact_match": exactMatch,
    "epoch/character_accuracy": characterAccuracy,
    ...(last && { "epoch/learning_rate": last.learningRate }),
  });
}

function describeSamples(samples: readonly Sample[]): string {
  const shown = samples.slice(0, MOST_SAMPLES);
  return writeTable(
    ["", "question", "right answer", "answer", "probability"],
    shown.map(({ question, target, guess, probability }) => [
      ...[guess === target ? "☑" : "☒", question, target, guess],
      `${(100 * probability).toFixed(1)} %`,
    ]),
  );
}

/** A training that was interrupted can go on, so it has no end yet. */
function encodeEnd(encoder: EventEncoder, { reason }: EndEvent): Uint8Array<ArrayBuffer> {
  return reason === "interrupted" ? NOTHING : encoder.end("success");
}
