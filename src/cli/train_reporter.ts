/** What `train` shows: a progress bar on a terminal, lines elsewhere, or JSON. @module */
import type { RunEndEvent, RunEvent, StartEvent } from "../checkpoint/run_events.ts";
import { summarizeModel } from "../model/summary.ts";
import { describeDigits } from "../problem/addition.ts";
import type { EpochEvent, Sample, StepEvent } from "../training/events.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import { PROGRAM } from "./help.ts";
import { createPace } from "../training/pace.ts";
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

/** Shows what happens. */
export interface TrainReporter {
  /** So many questions are made. */
  generating(made: number, of: number): void;
  /** A run that is resumed has these epochs behind it. */
  recall(past: readonly EpochMetrics[]): void;
  /** The run needs no training any more. */
  alreadyComplete(run: string): void;
  /** A page is served at this address. */
  pageOpened(url: string): void;
  /** Training is done, and the page is still there. */
  pageStays(url: string): void;
  /** A signal came. */
  stopping(): void;
  /** Something happened. Of an end that is a failure the caller shows the error. */
  report(event: RunEvent): void;
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
  return {
    generating: () => {},
    recall: () => {},
    alreadyComplete: () => {},
    pageOpened: (url) => print(JSON.stringify({ event: "page", url })),
    pageStays: () => {},
    stopping: () => {},
    report(event): void {
      if (event.event === "step" && !isDue(event, logEvery)) return;
      print(JSON.stringify(event));
    },
  };
}

function createTextReporter(logEvery: number): TrainReporter {
  const status = createStatusLine();
  const bar = Deno.stderr.isTerminal();
  const pace = createPace(() => performance.now());
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
    recall: (past) => void history.push(...past),
    pageOpened: (url) => say(`Watch it at ${url}`),
    pageStays: (url) => say(`The page stays at ${url} until Ctrl-C`),
    alreadyComplete: (run) => say(`The run ${run} is complete: there is nothing left to train`),
    stopping(): void {
      status.clear();
      printError("Stopping after this step; press Ctrl-C again to leave at once");
    },
    report(event): void {
      switch (event.event) {
        case "start":
          epochs = event.training.epochs;
          digits = event.problem.digits;
          for (const line of describeStart(event)) say(line);
          break;
        case "step": {
          pace.record(event.step);
          const text = (): string => describeStep(event, epochs, pace.stepsPerSecond());
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
        case "end": {
          status.clear();
          const words = END_WORDS[event.reason];
          if (words === undefined) break;
          if (history.length > 1) drawTerminalCurves([history], terminalColumns()).forEach(say);
          say(describeEnd(event, words, digits));
          break;
        }
      }
    },
  };
}

function isDue(event: StepEvent, logEvery: number): boolean {
  return logEvery > 0 && (event.step % logEvery === 0 || event.step === event.steps);
}

function describeStart(start: StartEvent): string[] {
  const { run, step, backend, problem, model, training } = start;
  const { inputLength, outputLength } = model;
  const V = Array.from(model.characters).length;
  const describeShapes = (count: number): string =>
    `questions (${count}, ${inputLength}, ${V}), answers (${count}, ${outputLength}, ${V})`;
  return [
    step === 0 ? `Run ${run}` : `Run ${run}, resumed after step ${step}`,
    `Backend ${backend.name}: ${backend.reason}`,
    `${problem.examples} additions of ${describeDigits(problem.digits)}, ${
      problem.reverse ? "reversed" : "not reversed"
    }, sampler ${problem.sampler}, seed ${problem.seed}`,
    `Training ${describeShapes(start.trainingExamples)}`,
    `Validation ${describeShapes(start.validationExamples)}`,
    ...(step === 0 ? [summarizeModel(model)] : []),
    `Recipe ${training.recipe}: ${training.epochs} epochs, batches of ${training.batchSize}, ${training.schedule} learning rate ${training.learningRate}`,
  ];
}

function describeStep(event: StepEvent, epochs: number, stepsPerSecond: number | null): string {
  const leftMs = stepsPerSecond === null
    ? null
    : 1000 * (event.steps - event.step) / stepsPerSecond;
  const left = leftMs === null ? "" : `  ${formatDuration(leftMs)} left`;
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

/** Of a failure the error says more. */
const END_WORDS: Record<RunEndEvent["reason"], string | undefined> = {
  epochs: "All epochs done",
  stopAt: "Stopped: the metric of --stop-at is reached",
  patience: "Stopped: no better epoch within --patience",
  interrupted: "Interrupted",
  nonFiniteLoss: undefined,
  error: undefined,
};

function describeEnd(event: RunEndEvent, words: string, digits: number): string {
  const { checkpoint } = event;
  const match = event.exactMatch === null ? "" : `, exact match ${percent(event.exactMatch)}`;
  const run = checkpoint.slice(0, checkpoint.lastIndexOf("/"));
  const next = event.reason === "interrupted"
    ? `Go on with: ${PROGRAM} train --resume --run ${run}`
    : `Ask it with: ${PROGRAM} predict "${digits > 1 ? "12+34" : "3+4"}" --run ${run}`;
  return `${words}${match}\nSaved in ${checkpoint}\n${next}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
