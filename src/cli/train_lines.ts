/** Formats the lines of `train` for a number of columns. @module */
import type { RunEndEvent, StartEvent } from "../checkpoint/run_events.ts";
import { summarizeModel } from "../network/summary.ts";
import type { Practice } from "../problem/problem.ts";
import { isPairs, type PairsSettings } from "../problem/pairs/settings.ts";
import { createProblem } from "../problem/registry.ts";
import type { TrainingOptions } from "../training/options.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import type { EpochEvent, Sample, StepEvent } from "../training/events.ts";
import { countColumns, layFields, padToColumns, wrapWords } from "../evaluation/columns.ts";
import { escapeText } from "../arguments/escape.ts";
import { adviseLearning } from "../training/learning_advice.ts";
import { parentOf } from "../checkpoint/files.ts";
import { nameProgram } from "./program.ts";
import type { Settings } from "../training/choose_settings.ts";
import { formatOption, quoteWord } from "./shell.ts";
import { drawBar, formatDuration, type Line } from "./terminal.ts";
import type { MemberName } from "./member_name.ts";

/** Widest and narrowest progress bar. */
const WIDEST_BAR = 24;
const NARROWEST_BAR = 6;

/** Columns of `99.99 %`. With them, tables of several epochs are aligned. */
const WIDEST_SHARE = 7;

/** Describes the beginning of a training. @param columns most columns of a line */
export function describeStart(start: StartEvent, columns: number): string[] {
  const { run, step, backend, problem, model, training } = start;
  const { source, target } = model;
  const { title, generated } = createProblem(problem, model);
  const practice = isPairs(problem) ? practisePairs(problem) : generated?.practice ?? {};
  const describeShapes = (count: number): string =>
    `questions (${count}, ${source.length}, ${source.symbols.length}), answers (${count}, ${target.length}, ${target.symbols.length})`;
  const wrap = (text: string): string[] => wrapWords(text, columns, 2);
  return [
    ...wrap(step === 0 ? `Run ${run}` : `Run ${run}, resumed after step ${step}`),
    ...wrap(`${describeDevice(backend)}: ${backend.reason}`),
    ...wrap(
      `${title}, ${source.reverse ? "reversed" : "not reversed"}${
        target.reverse ? ", answers reversed" : ""
      }, seed ${problem.seed}${
        training.seed === problem.seed ? "" : `, seed of this model ${training.seed}`
      }`,
    ),
    ...wrap(`Training ${describeShapes(start.trainingExamples)}`),
    ...wrap(`Validation ${describeShapes(start.validationExamples)}`),
    ...(step === 0 ? summarizeModel(model, { columns }).split("\n") : []),
    ...wrap(
      `Recipe ${training.recipe}: ${
        count(training.epochs, "epoch")
      }, batches of ${training.batchSize}, ${training.schedule} learning rate ${training.learningRate}${
        training.fresh ? ", other questions in every epoch" : ""
      }${describeRegularization(training)}${describePractice(training, practice)}`,
    ),
  ];
}

/** Says what keeps the training from memorising: `, dropout 0.3, label smoothing 0.1`. */
function describeRegularization(
  { dropout, labelSmoothing }: Pick<TrainingOptions, "dropout" | "labelSmoothing">,
): string {
  const words = [
    ...(dropout > 0 ? [`dropout ${dropout}`] : []),
    ...(labelSmoothing > 0 ? [`label smoothing ${labelSmoothing}`] : []),
  ];
  return words.map((each) => `, ${each}`).join("");
}

/** How examples are practised, in words. */
interface PracticeWords extends Pick<Practice, "swapWords" | "weightWords"> {
  readonly otherWords?: string;
}

function practisePairs({ featureColumns, featureOrder }: PairsSettings): PracticeWords {
  const isVaried = featureColumns.length > 0 && featureOrder === "random";
  return {
    weightWords: "rare features more often",
    ...(isVaried && { otherWords: "features in another order in every epoch" }),
  };
}

/** Says how examples are practised: `, numbers swapped at random`. */
function describePractice(
  { swap, weighted }: Pick<TrainingOptions, "swap" | "weighted">,
  { swapWords, weightWords, otherWords }: PracticeWords,
): string {
  const words = [...(swap ? [swapWords] : []), ...(weighted ? [weightWords] : []), otherWords];
  return words.map((each) => each === undefined ? "" : `, ${each}`).join("");
}

/**
 * Formats the progress line. If there is too little room, it leaves out the accuracy first, then the bar, then the loss. Epoch,
 * step and time left stay, shortened if needed. `columns` is the most columns of the line.
 */
export function describeStep(
  event: StepEvent,
  { epochs, stepsPerSecond, columns }: {
    readonly epochs: number;
    readonly stepsPerSecond: number | null;
    readonly columns: number;
  },
): string {
  const { step, steps } = event;
  const time = stepsPerSecond ? formatDuration(1000 * (steps - step) / stepsPerSecond) : undefined;
  const left = time === undefined ? [] : [`${time} left`];
  const loss = `loss ${event.loss.toFixed(4)}`;
  const accuracy = `accuracy ${formatPercent(event.characterAccuracy)}`;
  const fields = [`step ${step}/${steps}`, loss, accuracy, ...left];
  for (const kept of [fields, [fields[0]!, loss, ...left]]) {
    const head = `Epoch ${event.epoch}/${epochs} `;
    const tail = ` ${kept.join("  ")}`;
    const room = Math.min(WIDEST_BAR, columns - head.length - tail.length);
    if (room >= NARROWEST_BAR) return head + drawBar(step / steps, room) + tail;
  }
  const share = `${Math.floor(100 * step / steps)} %`;
  const shorter = [
    [`Epoch ${event.epoch}/${epochs}`, fields[0]!, loss, ...left],
    [`Epoch ${event.epoch}/${epochs}`, fields[0]!, ...left],
    [`Epoch ${event.epoch}/${epochs}`, share, ...left],
    [`${event.epoch}/${epochs}`, share, ...left],
    [`${event.epoch}/${epochs}`, share, ...(time === undefined ? [] : [time])],
    [share, ...(time === undefined ? [] : [time])],
  ].map((kept) => kept.join("  "));
  return shorter.find((line) => line.length <= columns) ?? shorter.at(-1)!;
}

/** Formats the figures of an epoch in one line if there is room, else as a small table. @param columns most columns of a line */
export function describeEpoch(event: EpochEvent, epochs: number, columns: number): string[] {
  const { loss, validationLoss, characterAccuracy, exactMatch, elapsedMs, best } = event;
  const epoch = `${event.epoch}/${epochs}`;
  const marks = best ? ["best"] : [];
  const inFull = [
    `Epoch ${epoch}`,
    `loss ${loss.toFixed(4)}`,
    `validation ${validationLoss.toFixed(4)}`,
    `characters ${formatPercent(characterAccuracy)}`,
    `exact match ${formatPercent(exactMatch)}`,
    `${(elapsedMs / 1000).toFixed(1)} s`,
    ...marks,
  ].join("  ");
  if (inFull.length <= columns) return [inFull];
  const time = elapsedMs < 99_950
    ? `${(elapsedMs / 1000).toFixed(1)} s`
    : formatDuration(elapsedMs);
  const cells: [string, string][] = [
    ["Epoch", epoch],
    ["loss", loss.toFixed(4)],
    ["val", validationLoss.toFixed(4)],
    ["chars", formatShortPercent(characterAccuracy)],
    ["exact", formatShortPercent(exactMatch)],
  ];
  const short = [...cells.map((cell) => cell.join(" ")), time, ...marks];
  if (short.join("  ").length <= columns) return [short.join("  ")];
  const tables = [[...cells, ["time", time], ["", ...marks]], [...cells, ["", ...marks]], cells];
  return tables.map(formatTable).find(([, row]) => row.length <= columns) ??
    layFields(short, columns);
}

/** Formats named figures as a line of names and a line of figures below it. */
function formatTable(cells: readonly (readonly string[])[]): [string, string] {
  const widths = cells.map(([name, figure = ""]) =>
    Math.max(name!.length, figure.endsWith("%") ? WIDEST_SHARE : figure.length)
  );
  const lay = (row: 0 | 1): string =>
    cells.map((cell, i) => (cell[row] ?? "").padStart(widths[i]!)).join("  ").trimEnd();
  return [lay(0), lay(1)];
}

/**
 * Formats samples. The notebook's three lines of a question are one line here: Q, T, and a green ☑ or a red ☒ with the guess. If
 * there is no room, they are two or three.
 *
 * @param columns most columns of a line
 */
export function describeSamples(samples: readonly Sample[], columns: number): Line[] {
  const shown = samples.map(({ question, target, guess }) => ({
    question: escapeText(question), // the width is that of the escaped text
    target: escapeText(target),
    guess: escapeText(guess),
    isRight: guess === target,
  }));
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(countColumns));
  const questionWidth = widest(shown.map(({ question }) => question));
  const targetWidth = widest(shown.map(({ target }) => target));
  const guessWidth = widest(shown.map(({ guess }) => guess));
  const answerWidth = "  T ".length + targetWidth + "  ☑ ".length + guessWidth;
  const hasRoom = "  Q ".length + questionWidth + answerWidth <= columns;
  return shown.flatMap(({ question, target, guess, isRight }): Line[] => {
    const mark = isRight
      ? { colour: "green", text: "☑" } as const
      : { colour: "red", text: "☒" } as const;
    const padded = padToColumns(target, targetWidth);
    if (hasRoom) {
      return [[`  Q ${padToColumns(question, questionWidth)}  T ${padded}  `, mark, ` ${guess}`]];
    }
    if (answerWidth <= columns) return [`  Q ${question}`, [`  T ${padded}  `, mark, ` ${guess}`]];
    return [`  Q ${question}`, `  T ${target}`, ["  ", mark, ` ${guess}`]];
  });
}

/** Sentences for the reasons of an end. For a failure, the error is printed instead. */
const END_WORDS: Readonly<Record<RunEndEvent["reason"], string | undefined>> = {
  epochs: "All epochs done",
  stopAt: "Stopped: the value of --stop-at is reached",
  patience: "Stopped: no epoch was better within --patience",
  interrupted: "Interrupted",
  nonFiniteLoss: undefined,
  error: undefined,
};

/**
 * Describes the end of a training that did not fail: the reason, the exact match, the path of the checkpoint, and the next
 * command.
 *
 * `history` has all epochs of the run. `passing` are the options to be given again to go on in the same way. `columns` is the most columns of a line. A command is not broken, so that it can be copied.
 */
export function describeEnd(
  { reason, checkpoint, exactMatch }: RunEndEvent,
  { settings, history, passing, columns, member }: {
    readonly settings: Settings;
    readonly history: readonly EpochMetrics[];
    readonly passing: readonly string[];
    readonly columns: number;
    readonly member?: MemberName;
  },
): string[] {
  const words = END_WORDS[reason];
  if (words === undefined || reason === "nonFiniteLoss" || reason === "error") return [];
  const folder = checkpoint.slice(0, checkpoint.lastIndexOf("/"));
  const run = formatOption("run", member === undefined ? folder : parentOf(folder));
  const match = exactMatch === null ? "" : `, exact match ${formatPercent(exactMatch)}`;
  const advice = reason === "interrupted" ? undefined : adviseLearning(settings, history, reason);
  const { example } = createProblem(settings.problem, settings.model);
  const question = example === undefined ? "QUESTION" : quoteWord(example);
  return [
    ...wrapWords(`${words}${match}`, columns, 2),
    ...(advice === undefined ? [] : wrapWords(advice, columns, 2)),
    `Saved in ${checkpoint}`,
    ...(reason === "interrupted"
      ? [`To continue: ${[nameProgram(), "train --resume", run, ...passing].join(" ")}`]
      : member === undefined
      ? [`Ask the model: ${nameProgram()} predict ${question} ${run}`]
      : member.isLast
      ? [`Ask the models together: ${nameProgram()} predict ${question} ${run}`]
      : []),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function formatPercent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** Formats a share in at most the columns of `99.99 %`. */
function formatShortPercent(share: number): string {
  return share === 1 ? "100 %" : formatPercent(share);
}

function describeDevice({ name, executor }: StartEvent["backend"]): string {
  return executor === "reference" ? `Backend ${name}, executor reference` : `Backend ${name}`;
}
