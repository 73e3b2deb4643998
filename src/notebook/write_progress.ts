/** Writes the progress of a training for a notebook. @module */
import { escapeText } from "../arguments/escape.ts";
import type { MediaBundle } from "../display/display.ts";
import { formatCount, formatShare } from "../evaluation/format.ts";
import { drawCurves } from "../plot/curves.ts";
import { foreign, html, type Markup } from "../plot/report/markup.ts";
import type { EndReason, Sample, StepEvent } from "../training/events.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import { writePlainTable } from "./write_plain_table.ts";

/** What is shown of a training. */
export interface ProgressView {
  /** Time since it began, in milliseconds. */
  readonly elapsedMs: number;
  /** The newest step. */
  readonly step?: StepEvent;
  /** The completed epochs. */
  readonly history: readonly EpochMetrics[];
  /** The newest samples. */
  readonly samples: readonly Sample[];
  /** Why it ended; absent while it runs. */
  readonly reason?: EndReason;
}

/** Words for the reasons of an end. */
const END_WORDS: Readonly<Record<EndReason, string>> = {
  epochs: "All epochs done",
  stopAt: "Stopped: the metric has reached its value",
  patience: "Stopped: no epoch was better for a while",
  interrupted: "Interrupted",
};

/** Least share of the steps after which the time that is left is said. */
const LEAST_SHARE = 0.02;

/** Writes the progress, as text and as HTML. */
export function writeProgress(view: ProgressView): MediaBundle {
  const { history, samples } = view;
  const lines = [describeSteps(view), ...describeEpoch(history.at(-1))];
  return {
    "text/plain": [...lines, ...samples.map(describeSample)].join("\n"),
    "text/html":
      html`<div>${writeBar(view)}${lines.map((line) => html`<div>${line}</div>`)}${
        writeCurves(history)
      }${samples.length > 0 ? writeSamples(samples) : undefined}</div>`.markup,
  };
}

/** Describes a sample as the notebook of Keras prints it: question, correct answer, and a mark before the model's. */
function describeSample({ question, target, guess }: Sample): string {
  const [asked, correct, answered] = [question, target, guess].map(escapeText);
  return `Q ${asked}  T ${correct}  ${guess === target ? "☑" : "☒"} ${answered}`;
}

function describeSteps({ step, reason, elapsedMs }: ProgressView): string {
  const begin = reason === undefined ? "Training" : END_WORDS[reason];
  const steps = step === undefined
    ? []
    : [`step ${formatCount(step.step)} of ${formatCount(step.steps)}`];
  return [begin, ...steps, formatSeconds(elapsedMs), ...describeLeft(step, reason, elapsedMs)]
    .join(" · ");
}

function describeLeft(
  step: StepEvent | undefined,
  reason: EndReason | undefined,
  elapsedMs: number,
): string[] {
  if (step === undefined || reason !== undefined) return [];
  const share = step.step / step.steps;
  return share < LEAST_SHARE || share === 1
    ? []
    : [`about ${formatSeconds(elapsedMs / share - elapsedMs)} left`];
}

function describeEpoch(metrics: EpochMetrics | undefined): string[] {
  if (metrics === undefined) return [];
  const { epoch, loss, validationLoss, characterAccuracy, exactMatch } = metrics;
  return [[
    ...[`Epoch ${epoch}`, `loss ${loss.toFixed(4)}`, `validation ${validationLoss.toFixed(4)}`],
    ...[`characters ${formatShare(characterAccuracy)}`, `exact match ${formatShare(exactMatch)}`],
  ].join(" · ")];
}

function writeBar({ step, reason }: ProgressView): Markup {
  const isWhole = reason !== undefined && reason !== "interrupted";
  const share = isWhole ? 1 : (step?.step ?? 0) / (step?.steps ?? 1);
  const width = (100 * share).toFixed(1);
  return html`
    <div style="max-width:840px;height:8px;border-radius:4px;background:#d1d9e0">
      <div style="width:${width}%;height:8px;border-radius:4px;background:#0f6b5c"></div>
    </div>
  `;
}

function writeCurves(history: readonly EpochMetrics[]): Markup | undefined {
  return history.length === 0
    ? undefined
    : { markup: drawCurves([{ name: "this training", history }]) };
}

function writeSamples(samples: readonly Sample[]): Markup {
  return writePlainTable(
    ["question", "correct", "", "answered", { number: "probability" }],
    samples.map(({ question, target, guess, probability }) => [
      ...[foreign(question), foreign(target), writeMark(guess === target), foreign(guess)],
      { number: formatShare(probability) },
    ]),
  );
}

function writeMark(isRight: boolean): Markup {
  return isRight
    ? html`<span style="color:#1a7f37">☑</span>`
    : html`<span style="color:#cf222e">☒</span>`;
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
