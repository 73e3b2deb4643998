/** What `train` shows: a progress bar on a terminal, lines elsewhere, or JSON. @module */
import type { BackendReport } from "../backend/backend.ts";
import type { Split } from "../dataset/split.ts";
import { countModelParameters } from "../model/model.ts";
import { summarizeModel } from "../model/summary.ts";
import type { EndEvent, EpochEvent, Sample, StepEvent, TrainingEvent } from "../training/events.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import type { TrainingProgress } from "../training/training.ts";
import { PROGRAM } from "./help.ts";
import type { Settings } from "./settings.ts";
import {
  createPalette,
  createStatusLine,
  drawBar,
  formatDuration,
  print,
  printError,
  terminalColumns,
} from "./terminal.ts";
import { drawTerminalCurves } from "./terminal_curves.ts";

/** What is known when training begins. */
export interface TrainStart {
  readonly run: string;
  readonly settings: Settings;
  readonly split: Split;
  readonly backend: BackendReport;
  readonly progress: TrainingProgress;
}

/** Shows what happens. */
export interface TrainReporter {
  /** So many questions are made. */
  generating(made: number, of: number): void;
  /** Training is about to begin. */
  start(start: TrainStart): void;
  /** The run needs no training any more. */
  alreadyComplete(run: string): void;
  /** A signal came. */
  stopping(): void;
  /** Training reported something; this is the newest checkpoint. */
  report(event: TrainingEvent, checkpoint: string): void;
  /** The loss was not finite, or something else failed; the caller shows the error. */
  failed(reason: "nonFiniteLoss" | "error", progress: TrainingProgress, checkpoint: string): void;
}

/** How to show it. */
export interface TrainReporterOptions {
  readonly json: boolean;
  /** Steps between two reports where there is no progress bar; 0: none. */
  readonly logEvery: number;
}

/** Makes the reporter. */
export function createTrainReporter(options: TrainReporterOptions): TrainReporter {
  return options.json ? createJsonReporter(options.logEvery) : createTextReporter(options.logEvery);
}

function createJsonReporter(logEvery: number): TrainReporter {
  const emit = (event: object): void => print(JSON.stringify(event));
  return {
    generating: () => {},
    start: ({ run, settings, split, backend, progress }) =>
      emit({
        event: "start",
        run,
        backend,
        ...settings,
        parameters: countModelParameters(settings.model),
        trainingExamples: split.training.count,
        validationExamples: split.validation.count,
        step: progress.step,
      }),
    alreadyComplete: () => {},
    stopping: () => {},
    report(event, checkpoint): void {
      if (event.event === "step" && !isDue(event, logEvery)) return;
      emit(event.event === "end" ? { ...event, checkpoint } : event);
    },
    failed: (reason, { history }, checkpoint) =>
      emit({
        event: "end",
        reason,
        epochs: history.length,
        exactMatch: history.at(-1)?.exactMatch ?? null,
        checkpoint,
      }),
  };
}

function createTextReporter(logEvery: number): TrainReporter {
  const status = createStatusLine();
  const bar = Deno.stderr.isTerminal();
  const pace = createPace();
  let epochs = 0;
  let digits = 0;
  const history: EpochMetrics[] = [];
  const say = (line: string): void => {
    status.clear();
    print(line);
  };
  return {
    generating(made, of): void {
      status.show(() => `Generating questions ${drawBar(made / of)} ${made}/${of}`);
    },
    start(start): void {
      epochs = start.settings.training.epochs;
      digits = start.settings.problem.digits;
      history.push(...start.progress.history);
      for (const line of describeStart(start)) say(line);
    },
    alreadyComplete: (run) => say(`The run ${run} is complete: there is nothing left to train`),
    stopping(): void {
      status.clear();
      printError("Stopping after this step; press Ctrl-C again to leave at once");
    },
    report(event, checkpoint): void {
      switch (event.event) {
        case "step": {
          const leftMs = pace(event);
          const text = (): string => describeStep(event, epochs, leftMs);
          if (bar) status.show(text);
          else if (isDue(event, logEvery)) say(text());
          break;
        }
        case "epoch":
          history.push(event);
          say(describeEpoch(event, epochs));
          break;
        case "samples":
          for (const line of describeSamples(event.samples)) say(line);
          break;
        case "end":
          if (history.length > 1) drawTerminalCurves([history], terminalColumns()).forEach(say);
          say(describeEnd(event, checkpoint, digits));
          break;
      }
    },
    failed: () => status.clear(),
  };
}

function isDue(event: StepEvent, logEvery: number): boolean {
  return logEvery > 0 && (event.step % logEvery === 0 || event.step === event.steps);
}

function describeStart({ run, settings, split, backend, progress }: TrainStart): string[] {
  const V = split.training.table.size;
  const shapes = (["training", "validation"] as const).map((part) => {
    const { count, inputLength, outputLength } = split[part];
    return `${part} questions (${count}, ${inputLength}, ${V}), answers (${count}, ${outputLength}, ${V})`;
  });
  const { problem, training } = settings;
  const first = progress.step === 0
    ? `Run ${run}`
    : `Run ${run}, resumed after step ${progress.step}`;
  return [
    first,
    `Backend ${backend.name}: ${backend.reason}`,
    `${problem.examples} additions of up to ${problem.digits} digits, ${
      problem.reverse ? "reversed" : "not reversed"
    }, sampler ${problem.sampler}, seed ${problem.seed}`,
    ...shapes.map((line) => line[0]!.toUpperCase() + line.slice(1)),
    ...(progress.step === 0 ? [summarizeModel(settings.model)] : []),
    `Recipe ${training.recipe}: ${training.epochs} epochs, batches of ${training.batchSize}, ${training.schedule} learning rate ${training.learningRate}`,
  ];
}

function describeStep(event: StepEvent, epochs: number, leftMs: number | undefined): string {
  const left = leftMs === undefined ? "" : `  ${formatDuration(leftMs)} left`;
  return `Epoch ${event.epoch}/${epochs} ${
    drawBar(event.step / event.steps)
  } step ${event.step}/${event.steps}  loss ${event.loss.toFixed(4)}  accuracy ${
    percent(event.characterAccuracy)
  }${left}`;
}

function describeEpoch(event: EpochEvent, epochs: number): string {
  const { epoch, loss, validationLoss, characterAccuracy, exactMatch, elapsedMs, best } = event;
  return [
    `Epoch ${epoch}/${epochs}`,
    `loss ${loss.toFixed(4)}`,
    `validation ${validationLoss.toFixed(4)}`,
    `characters ${percent(characterAccuracy)}`,
    `exact match ${percent(exactMatch)}`,
    `${(elapsedMs / 1000).toFixed(1)} s`,
    ...(best ? ["best"] : []),
  ].join("  ");
}

/** The notebook's three lines a question in one: Q, T, and a green ☑ or a red ☒ with the guess. */
function describeSamples(samples: readonly Sample[]): string[] {
  const { green, red } = createPalette();
  const width = (texts: string[]): number => Math.max(...texts.map((text) => text.length));
  const questionWidth = width(samples.map(({ question }) => question));
  const targetWidth = width(samples.map(({ target }) => target));
  return samples.map(({ question, target, guess }) => {
    const mark = guess === target ? green("☑") : red("☒");
    return `  Q ${question.padEnd(questionWidth)}  T ${
      target.padEnd(targetWidth)
    }  ${mark} ${guess}`;
  });
}

const END_WORDS: Record<EndEvent["reason"], string> = {
  epochs: "All epochs done",
  stopAt: "Stopped: the metric of --stop-at is reached",
  patience: "Stopped: no better epoch within --patience",
  interrupted: "Interrupted",
};

function describeEnd(event: EndEvent, checkpoint: string, digits: number): string {
  const match = event.exactMatch === null ? "" : `, exact match ${percent(event.exactMatch)}`;
  const run = checkpoint.slice(0, checkpoint.lastIndexOf("/"));
  const next = event.reason === "interrupted"
    ? `Go on with: ${PROGRAM} train --resume --run ${run}`
    : `Ask it with: ${PROGRAM} predict "${digits > 1 ? "12+34" : "3+4"}" --run ${run}`;
  return `${END_WORDS[event.reason]}${match}\nSaved in ${checkpoint}\n${next}`;
}

/** Estimates the time left from the steps of this process. */
function createPace(): (event: StepEvent) => number | undefined {
  let first: { step: number; at: number } | undefined;
  return ({ step, steps }) => {
    const at = performance.now();
    first ??= { step, at };
    if (step === first.step) return undefined;
    return ((at - first.at) / (step - first.step)) * (steps - step);
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
