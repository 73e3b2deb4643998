/** `import`: makes a run of a model that another program has written. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { parentOf } from "../checkpoint/files.ts";
import { DEFAULT_ROOT, holdsRun } from "../checkpoint/run_directory.ts";
import { readEnsemble } from "../checkpoint/ensemble_file.ts";
import { readRun } from "../checkpoint/read_run.ts";
import { type ImportOptions, UnknownLayoutError } from "../interop/foreign_model.ts";
import { countModelParameters } from "../model/create_model.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import { findKind, resolveProblem } from "../problem/registry.ts";
import { formatCount } from "../evaluation/format.ts";
import type { Command } from "./command.ts";
import { readForeignFile } from "./foreign_file.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { nameProgram } from "./program.ts";
import { PROBLEM_OPTIONS, readProblem } from "./problem_options.ts";
import { findNewPlace, requireAccess, takeRun } from "./run_place.ts";
import { REVERSE_OPTION } from "./settings.ts";
import { quoteWord } from "./shell.ts";
import { print, printError } from "./terminal.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

const LIKE_OPTION: OptionSpec = {
  name: "like",
  value: "DIR",
  help: "take symbols, lengths and problem from this run (default: as the file says)",
};

/** The command. */
export const IMPORT_COMMAND: Command = {
  positionals: "FILE",
  options: [
    {
      name: "run",
      value: "DIR",
      help: "directory of the new run (default: the next ./checkpoints/run-NNNN)",
    },
    LIKE_OPTION,
    {
      name: "optimizer",
      negatable: true,
      help:
        "go on with the optimiser's state, if it is there, or leave it out (default: --optimizer)",
    },
    { name: "overwrite", help: "replace the run that --run names" },
    ...PROBLEM_OPTIONS,
    {
      ...REVERSE_OPTION,
      help:
        "the model reads questions from their last character on, or from the first (default: as the file or --like says, else --reverse)",
    },
  ],
  examples: [
    "import model.keras",
    "import continued.keras --like ./checkpoints/run-0001",
    "import addition_rnn.h5 --problem addition --digits 3",
    "import tfjs-model --run ./checkpoints/mine",
  ],
  run: runImport,
};

async function runImport(typed: TypedOptions): Promise<number> {
  const [file, ...others] = typed.positionals;
  if (file === undefined || others.length > 0) {
    throw new UsageError(
      `Cannot import: one file or folder must be named, as in import model.keras, but ${typed.positionals.length} are named`,
    );
  }
  const path = typed.text("run");
  await checkPlace(path, typed.flag("overwrite"));
  const checkpoint = await readForeignFile(file, await readImportOptions(typed)).catch(
    adviseLayout,
  );
  await using place = path !== undefined && await holdsRun(path)
    ? await takeRun(path, crypto.randomUUID())
    : await findNewPlace(path);
  const run = await place.open();
  await place.begin(run, checkpoint);
  place.keep();
  print(run.path);
  for (const line of describeImport(checkpoint, run.path)) printError(line);
  return 0;
}

/** Says which options give what the file does not say. */
function adviseLayout(error: unknown): never {
  if (!(error instanceof UnknownLayoutError)) throw error;
  throw new UnknownLayoutError(
    `${error.message}. Take them from a run with --like DIR, or from a problem with --problem addition --digits N`,
    { cause: error },
  );
}

/** Checks the place of the run, before anything is read. */
async function checkPlace(path: string | undefined, overwrite: boolean): Promise<void> {
  if (path === undefined && overwrite) {
    throw new UsageError("Cannot overwrite: name the run with --run DIR");
  }
  await requireAccess(path ?? DEFAULT_ROOT);
  if (path === undefined) return;
  await refuseInEnsemble(path);
  if (!await holdsRun(path)) return;
  if (!overwrite) {
    throw new UsageError(
      `Cannot import into "${path}": it already contains a run; add --overwrite to replace it`,
    );
  }
}

/** Refuses a place in the folder of an ensemble, whose models are its own. */
async function refuseInEnsemble(path: string): Promise<void> {
  const folder = parentOf(path.replace(/(?<=.)\/+$/, ""));
  if (await readEnsemble(folder).catch(() => undefined) === undefined) return;
  throw new UsageError(`Cannot import into "${path}": "${folder}" is the folder of an ensemble`);
}

/** Reads what the file does not say: from another run, or from a problem that was typed. */
async function readImportOptions(typed: TypedOptions): Promise<ImportOptions> {
  const like = typed.text(LIKE_OPTION.name);
  const option = [...PROBLEM_OPTIONS, REVERSE_OPTION].find(({ name }) => typed.given(name));
  const optimizer = typed.flag("optimizer");
  if (like !== undefined) {
    if (option !== undefined) {
      throw new UsageError(
        `Cannot use --${option.name} with --like: the run's own is taken`,
      );
    }
    if (await readEnsemble(like) !== undefined) {
      throw new UsageError(
        `Cannot use --like ${like}: it is an ensemble; name one of its models, as in --like ${like}/member-1`,
      );
    }
    const { checkpoint: { model: { source, target }, problem }, skipped } = await readRun(like);
    for (const reason of skipped) printError(`Skipped ${reason}`);
    return { layout: { source, target }, problem, optimizer };
  }
  if (option === undefined) return { optimizer };
  const problem = checkTyped(() => resolveProblem(readProblem(typed)));
  const layout = findKind(problem.name).layOut!(problem, typed.flag(REVERSE_OPTION.name));
  return { layout, problem, optimizer };
}

/** Says what was imported, and how to go on. */
function describeImport(checkpoint: Checkpoint, run: string): string[] {
  const { trainedOn, model, problem, progress: { stepsBefore } } = checkpoint;
  const data = isPairs(problem) && problem.data === null ? " --data FILE" : "";
  const steps = stepsBefore === undefined
    ? "without an optimiser's state"
    : `after ${formatCount(stepsBefore)} steps of its optimiser`;
  return [
    `Imported from ${trainedOn}: ${formatCount(countModelParameters(model))} parameters, ${steps}`,
    `Ask the model: ${nameProgram()} predict --run ${quoteWord(run)}`,
    `Continue its training: ${nameProgram()} train --resume --run ${quoteWord(run)}${data}`,
  ];
}
