/** `evaluate --compare`: compares runs on the same examples. @module */
import { escapeText } from "../arguments/escape.ts";
import { createAnswerRecorder } from "../evaluation/answer_record.ts";
import {
  compareRuns,
  type Comparison,
  findOtherExample,
  type RunAnswers,
} from "../evaluation/comparison.ts";
import { planSearch } from "../model/plan_search.ts";
import type { GivenSearchSettings } from "../model/search_settings.ts";
import { writeComparisonPage } from "../plot/report/comparison_page.ts";
import { createProblem } from "../problem/registry.ts";
import { describeComparison } from "./comparison_text.ts";
import { type Asked, askExamples } from "./evaluation_input.ts";
import { describeAnswering } from "./evaluation_work.ts";
import { openMemory } from "./open_memory.ts";
import { openModel } from "./open_model.ts";
import type { TypedOptions } from "./options.ts";
import type { OutputFile } from "./output_file.ts";
import { createPreparation } from "./preparation.ts";
import { lineColumns, print, printError, printJson } from "./terminal.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** How to compare. */
export interface CompareOptions {
  readonly asked: Asked;
  /** Number of examples to list on which runs differ. */
  readonly worst: number;
  readonly search: GivenSearchSettings;
  readonly weights: string;
  readonly out?: OutputFile;
}

/** Columns of a text that does not go to a terminal. */
const USUAL_COLUMNS = 80;
/** Most runs: each two of them are compared. */
const MOST_RUNS = 20;

/** Reads the names of the runs. @throws {UsageError} if there are too few or too many, or one is named twice */
export function readComparedRuns(typed: TypedOptions): readonly string[] {
  const runs = typed.positionals;
  if (typed.text("run") !== undefined) {
    throw new UsageError("Cannot compare: runs must be named after --compare, not with --run");
  }
  if (runs.length < 2 || runs.length > MOST_RUNS) {
    throw new UsageError(
      `Cannot compare: 2 to ${MOST_RUNS} runs must be named after --compare, but ${runs.length} ${
        runs.length === 1 ? "is" : "are"
      }`,
    );
  }
  const plain = runs.map(withoutIdleParts);
  const twice = runs.find((_, i) => plain.indexOf(plain[i]!) !== i);
  if (twice !== undefined) throw new UsageError(`Cannot compare: "${twice}" is named twice`);
  if (typed.flag("every")) {
    throw new UsageError(
      "Cannot compare on every question: the intervals and the test are for examples that are a draw; leave --every out",
    );
  }
  return runs;
}

/** Leaves out of a path what does not change it: `./runs//a/` is `runs/a`. */
function withoutIdleParts(path: string): string {
  return path.replaceAll(/\/(\.?\/)+/g, "/").replace(/^(\.\/)+/, "").replace(/(?<=.)\/\.?$/, "");
}

/**
 * Compares runs, and prints what is found.
 *
 * @returns the exit code
 * @throws {UsageError} if the runs have different held-out examples
 * @throws the signal's reason, if it aborts
 */
export async function compareTyped(
  typed: TypedOptions,
  runs: readonly string[],
  options: CompareOptions & { readonly signal: AbortSignal },
): Promise<number> {
  const { asked: { kind }, worst, weights, out } = options;
  const found: ComparedRun[] = [];
  for (const run of runs) {
    const answered = await answerWith(typed, run, options);
    if (found.length > 0) checkSame(found[0]!, answered, kind);
    found.push(answered);
  }
  const comparison = compareRuns(found, { asked: describeAsked(found), weights, most: worst });
  show(typed, comparison, found[0]!.equals);
  if (out === undefined) return 0;
  await out.write([new TextEncoder().encode(await writeComparisonPage(comparison))]);
  printError(`Wrote ${out.path}`);
  return 0;
}

/** A run that has answered. */
interface ComparedRun extends RunAnswers {
  /** The examples in words. */
  readonly asked: string;
  /** How it found its answers, as words to follow those. */
  readonly answering: string;
  readonly equals: string;
}

/** Says what was asked and how answers were found, of each run if they differ. */
function describeAsked(runs: readonly ComparedRun[]): string {
  const [{ asked, answering }] = runs as readonly [ComparedRun];
  if (runs.every((each) => each.answering === answering)) return asked + answering;
  return [asked, ...runs.map((each) => `${each.run}${each.answering || ", greedily"}`)].join("; ");
}

/** Asks one run. Its model is released before the next is opened. */
async function answerWith(
  typed: TypedOptions,
  run: string,
  { asked, search, signal }: CompareOptions & { readonly signal: AbortSignal },
): Promise<ComparedRun> {
  const ofRun: TypedOptions = {
    ...typed,
    text: (name) => name === "run" ? run : typed.text(name),
  };
  using opened = await openModel(ofRun, "cpu");
  const { model, checkpoint, step } = opened;
  checkTyped(() => planSearch("evaluate", model, search));
  const problem = createProblem(checkpoint.problem, model.config);
  const recorder = createAnswerRecorder();
  const answering = { ...search, ...await openMemory(typed, opened, signal) };
  const preparation = createPreparation();
  try {
    const { asked: words } = await askExamples({
      ...{ opened, problem, answering, recorder, preparation, signal, worst: 0 },
    }, asked);
    return {
      run,
      step,
      records: recorder.finish(),
      asked: words,
      answering: describeAnswering(model, answering),
      equals: problem.equals,
    };
  } finally {
    preparation.clear();
  }
}

/** Checks that two runs have answered the same examples. @throws {UsageError} if not */
function checkSame(first: RunAnswers, second: RunAnswers, kind: Asked["kind"]): void {
  const other = findOtherExample(first, second);
  if (other === undefined) return;
  const [one, two] = other.examples.map((example) =>
    example === undefined
      ? "none"
      : escapeText(JSON.stringify(`${example.question}\t${example.answer}`))
  );
  const advice = kind === "file"
    ? "they read the file with different settings"
    : "give the same examples to all with --data FILE";
  throw new UsageError(
    `Cannot compare ${first.run} and ${second.run}: they must be asked the same examples, but example ${
      other.at + 1
    } is ${one} of the one and ${two} of the other; ${advice}`,
  );
}

function show(typed: TypedOptions, comparison: Comparison, equals: string): void {
  if (typed.flag("json")) printJson(comparison);
  else {
    const columns = Math.min(USUAL_COLUMNS, lineColumns());
    describeComparison(comparison, { equals, columns }).forEach(print);
  }
}
