/** Shows a training: with a progress bar on a terminal, as lines elsewhere, or as JSON. @module */
import type { RunEvent } from "../checkpoint/run_events.ts";
import type { StepEvent } from "../training/events.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import { createPace } from "../training/pace.ts";
import { wrapWords } from "../evaluation/columns.ts";
import {
  createStatusLine,
  findTraits,
  type Line,
  lineColumns,
  print,
  printError,
  printJson,
} from "./terminal.ts";
import type { MemberName } from "./member_name.ts";
import type { Settings } from "../training/choose_settings.ts";
import { drawTerminalCurves } from "./terminal_curves.ts";
import {
  describeEnd,
  describeEpoch,
  describeSamples,
  describeStart,
  describeStep,
} from "./train_lines.ts";

/** Shows the events of a training. */
export interface TrainReporter {
  /** Gets the settings of the run and its earlier epochs. */
  recall(past: readonly EpochMetrics[], settings: Settings): void;
  /** Says that the run is complete, with a hint how to train it longer. */
  alreadyComplete(run: string, hint: string): void;
  /** Says what people should know of the training before its first step. */
  note(text: string): void;
  /** Says that a page is served at an address. */
  pageOpened(url: string): void;
  /** Says that training is done and the page is still served. */
  pageStays(url: string): void;
  /** Says that a signal came. */
  stopping(): void;
  /** Shows an event. If training failed, the caller shows the error. */
  report(event: RunEvent): void;
}

/** Options of a reporter. */
export interface TrainReporterOptions {
  /** The model of an ensemble whose training is shown. */
  readonly member?: MemberName;
  readonly json: boolean;
  /** Steps between two reports if there is no progress bar; 0: no reports. */
  readonly logEvery: number;
  /** The options that whoever continues the training gives again, as they are typed. */
  readonly passing: readonly string[];
}

/** Makes the reporter. */
export function createTrainReporter(options: TrainReporterOptions): TrainReporter {
  return options.json ? createJsonReporter(options) : createTextReporter(options);
}

function createJsonReporter({ logEvery, member }: TrainReporterOptions): TrainReporter {
  const name = member === undefined ? {} : { member: member.number, members: member.of };
  return {
    recall: () => {},
    alreadyComplete: () => {},
    note: () => {},
    pageOpened: (url) => printJson({ event: "page", url }),
    pageStays: () => {},
    stopping: () => {},
    report(event): void {
      if (event.event === "step" && !isDue(event, logEvery)) return;
      printJson({ ...event, ...name });
    },
  };
}

function createTextReporter({ logEvery, passing, member }: TrainReporterOptions): TrainReporter {
  const prefix = member === undefined ? "" : `Model ${member.number}/${member.of}  `;
  const status = createStatusLine();
  const bar = findTraits(Deno.stderr).obeysControls;
  const pace = createPace(() => performance.now());
  let epochs = 0;
  let settings: Settings | undefined;
  const history: EpochMetrics[] = [];
  const say = (...lines: readonly Line[]): void => {
    status.clear();
    lines.forEach(print);
  };
  const wrap = (text: string): string[] => wrapWords(text, lineColumns(), 2);
  return {
    recall(past, ofRun): void {
      for (const metrics of past) history.push(metrics);
      settings = ofRun;
    },
    note: (text) => say(...wrap(text)),
    pageOpened: (url) => say(`Watch it at ${url}`, "Press Ctrl-C to stop"),
    pageStays: (url) =>
      say(`The training has ended. The page is still served at ${url}; press Ctrl-C to stop`),
    alreadyComplete: (run, hint) => say(...wrap(`The run ${run} is complete; ${hint}`)),
    stopping(): void {
      status.clear();
      printError("Stopping after this step; press Ctrl-C again to stop at once");
    },
    report(event): void {
      switch (event.event) {
        case "start":
          epochs = event.training.epochs;
          if (member !== undefined) {
            say(`Model ${member.number} of ${member.of}, seed ${event.training.seed}`);
          }
          if (member?.isFirst === false) say(`Run ${event.run}`); // the rest is the same
          else say(...describeStart(event, lineColumns()));
          break;
        case "step": {
          pace.record(event.step);
          const text = (columns: number): string =>
            prefix + describeStep(event, {
              ...{ epochs, stepsPerSecond: pace.stepsPerSecond() },
              columns: columns - prefix.length,
            });
          if (bar) status.show(text);
          else if (isDue(event, logEvery)) say(text(lineColumns()));
          break;
        }
        case "epoch":
          history.push(event);
          say(
            ...describeEpoch(event, epochs, lineColumns() - prefix.length)
              .map((line) => prefix + line),
          );
          break;
        case "samples":
          say(...describeSamples(event.samples, lineColumns()));
          break;
        case "end": {
          status.clear();
          if (settings === undefined) break; // it ended before it began
          const lines = describeEnd(event, {
            ...{ settings, history, passing, columns: lineColumns() },
            ...(member && { member }),
          });
          if (lines.length === 0) break;
          if (history.length > 1) {
            const [drawn] = drawTerminalCurves([history], lineColumns() + 1);
            say(...drawn!.split("\n"));
          }
          say(...lines);
          break;
        }
      }
    },
  };
}

function isDue(event: StepEvent, logEvery: number): boolean {
  return logEvery > 0 && (event.step % logEvery === 0 || event.step === event.steps);
}
