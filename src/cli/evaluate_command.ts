/** `evaluate`: measures a run's model on examples whose answers are known. @module */
import { askBeyond, askEdgeCases } from "../evaluation/ask_suites.ts";
import { WORST } from "../evaluation/assess.ts";
import type { EvaluationReport, ReportHead } from "../evaluation/report.ts";
import { writeReportPage } from "../plot/report/report_page.ts";
import { planSearch } from "../model/plan_search.ts";
import type { GivenSearchSettings } from "../model/search_settings.ts";
import type { Memory } from "../model/memory.ts";
import { createProblem } from "../problem/registry.ts";
import {
  type Command,
  INFERENCE_DEVICE_OPTIONS,
  JSON_OPTION,
  RUN_OPTION,
  WEIGHTS_OPTION,
} from "./command.ts";
import { compareTyped, readComparedRuns } from "./compare_runs.ts";
import { type Asked, askExamples } from "./evaluation_input.ts";
import { describeAnswering, SPLIT_NAMES } from "./evaluation_work.ts";
import { describeEvaluation } from "./evaluation_text.ts";
import { COMBINE_OPTION, type OpenedModel, openModel } from "./open_model.ts";
import { MEMORY_OPTION, openMemory } from "./open_memory.ts";
import type { TypedOptions } from "./options.ts";
import { openOutput, type OutputFile, OVERWRITE_OPTION } from "./output_file.ts";
import { createPreparation } from "./preparation.ts";
import { listenForSignals } from "./signals.ts";
import { lineColumns, print, printError, printJson } from "./terminal.ts";
import { BEAM_OPTIONS, readSearch } from "./search_options.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** The command. */
export const EVALUATE_COMMAND: Command = {
  positionals: "[--compare RUN RUN…]",
  options: [
    RUN_OPTION,
    WEIGHTS_OPTION,
    COMBINE_OPTION,
    MEMORY_OPTION,
    {
      name: "split",
      value: "NAME",
      help: "the examples to ask: validation, test or training (default validation)",
    },
    {
      name: "every",
      help: "ask every question that there is instead, if there are at most 10,000,000",
    },
    {
      name: "data",
      value: "FILE",
      help:
        "ask the examples of a file instead: each line a question, a tab and an answer, or a JSON object",
    },
    {
      name: "compare",
      help:
        "compare the named runs on the same examples: exact match, paired differences with intervals and an exact McNemar test, and the examples where they differ",
    },
    {
      name: "worst",
      value: "N",
      help:
        "number of wrong answers to list, those that the model is most sure of; with --compare, of examples where runs differ (default 10)",
    },
    {
      name: "out",
      value: "FILE",
      help: "also write a report with pictures, an HTML page that needs no other file",
    },
    OVERWRITE_OPTION,
    ...BEAM_OPTIONS,
    ...INFERENCE_DEVICE_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    "evaluate",
    "evaluate --every --out report.html",
    "evaluate --split test --worst 50",
    "evaluate --compare checkpoints/run-0001 checkpoints/run-0002 --data more.tsv",
    "evaluate --run checkpoints/run-0001 --weights best --data more.tsv --json",
  ],
  run: runEvaluate,
};

/** Columns of a text that does not go to a terminal. */
const USUAL_COLUMNS = 80;
const DEFAULT_WORST = 10;

/** What was typed. */
interface EvaluateOptions {
  readonly asked: Asked;
  readonly worst: number;
  /** How answers are searched. */
  readonly search: GivenSearchSettings;
  /** What was seen in the training, if answers come from there. */
  readonly memory?: Memory;
  /** Which checkpoint of the run. */
  readonly weights: string;
  readonly out?: OutputFile;
}

async function runEvaluate(typed: TypedOptions): Promise<number> {
  const compared = typed.flag("compare") ? readComparedRuns(typed) : undefined;
  const options = await readOptions(typed);
  await using signals = await listenForSignals();
  const { signal } = signals;
  try {
    if (compared !== undefined) return await compareTyped(typed, compared, { ...options, signal });
    using opened = await openModel(typed, "cpu");
    checkTyped(() => planSearch("evaluate", opened.model, options.search));
    const remembering = await openMemory(typed, opened, signal);
    const { report, head } = await evaluateRun(opened, { ...options, ...remembering }, signal);
    if (typed.flag("json")) printJson({ ...head, ...report });
    else {
      const columns = Math.min(USUAL_COLUMNS, lineColumns());
      describeEvaluation(report, head, columns).forEach(print);
    }
    if (options.out === undefined) return 0;
    await options.out.write([new TextEncoder().encode(await writeReportPage(report, head))]);
    printError(`Wrote ${options.out.path}`);
    return 0;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    printError("Interrupted");
    return signals.exitCode!;
  }
}

/** Reads the options, and checks the file to write before anything is computed. */
async function readOptions(typed: TypedOptions): Promise<EvaluateOptions> {
  const [positional] = typed.positionals;
  if (positional !== undefined && !typed.flag("compare")) {
    throw new UsageError(
      `Cannot evaluate "${positional}": without --compare, evaluate takes options only; --run names a run and --data a file`,
    );
  }
  const asked = readAsked(typed);
  const weights = typed.choice("weights", ["latest", "best"]) ?? "latest";
  const worst = typed.number("worst") ?? DEFAULT_WORST;
  if (WORST.findFault(worst) !== undefined) {
    throw new UsageError(`Cannot read --worst: it must be ${WORST.must}, but is ${worst}`);
  }
  const search = readSearch(typed, "evaluate");
  const path = typed.text("out");
  if (path === undefined) {
    if (!typed.flag("overwrite")) return { asked, worst, weights, search };
    throw new UsageError("Cannot use --overwrite without --out FILE: no file is written");
  }
  return {
    asked,
    ...{ worst, weights, search },
    out: await openOutput(path, { overwrite: typed.flag("overwrite") }),
  };
}

function readAsked(typed: TypedOptions): Asked {
  const split = typed.choice("split", SPLIT_NAMES);
  const path = typed.text("data");
  const every = typed.flag("every");
  const given = [split && "--split", path && "--data", every && "--every"].filter(Boolean);
  if (given.length > 1) {
    throw new UsageError(
      `Cannot use ${given.join(" and ")} together: each says which examples are asked`,
    );
  }
  if (path !== undefined) return { kind: "file", path };
  return every ? { kind: "every" } : { kind: "split", split: split ?? "validation" };
}

/** Evaluates a run: the chosen examples and, if the problem has them, edge cases and questions beyond the training. */
async function evaluateRun(
  opened: OpenedModel,
  { asked, worst, weights, search, memory }: EvaluateOptions,
  signal: AbortSignal,
): Promise<{ readonly report: EvaluationReport; readonly head: ReportHead }> {
  const { model, checkpoint, run } = opened;
  const problem = createProblem(checkpoint.problem, model.config);
  const { generated } = problem;
  const preparation = createPreparation();
  try {
    const answering = { ...search, ...(memory && { memory }) };
    const work = { ...{ opened, problem, worst, answering, preparation, signal } };
    const found = await askExamples(work, asked);
    const edgeCases = generated ? await askEdgeCases(model, generated, answering) : null;
    signal.throwIfAborted();
    const beyond = generated ? await askBeyond(model, generated, answering) : null;
    return {
      report: { ...found.assessment, edgeCases, beyond, baselines: found.baselines },
      head: {
        ...{ run, weights, step: opened.step },
        ...(opened.members && { members: opened.members }),
        ...{
          problem: problem.title,
          asked: found.asked + describeAnswering(model, answering),
          equals: problem.equals,
        },
      },
    };
  } finally {
    preparation.clear();
  }
}
