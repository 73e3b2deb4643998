/** Opens the run of the playground: a new one, the one that the browser keeps, or that of a checkpoint. @module */
import { takeReason } from "../../arguments/take_reason.ts";
import { type Checkpoint, decodeCheckpoint } from "../../checkpoint/checkpoint.ts";
import { parseEvent } from "../../checkpoint/parse_event.ts";
import { describeEnd } from "../../checkpoint/report_events.ts";
import { recordCheckpoint } from "../../dashboard/checkpoint_news.ts";
import { measureCpuRate } from "../../device/cpu/cpu_rate.ts";
import { lastName } from "../../problem/pairs/name_files.ts";
import { isPairs } from "../../problem/pairs/settings.ts";
import { createProblem } from "../../problem/registry.ts";
import { describeExpectation } from "../../training/expectation.ts";
import { describeTrainingTime } from "../../training/training_time.ts";
import type { PairsTask, PlaygroundOptions, PlaygroundTask } from "../engine.ts";
import { answerSplit } from "./answer_split.ts";
import { checkKept } from "./check_kept.ts";
import { requestLike } from "./device_request.ts";
import { type Opening, type OpenRun, openRun, type Surroundings } from "./open_run.ts";
import { isOneFile } from "./open_task_split.ts";
import { nameOfFile, planRun } from "./plan_task.ts";

/**
 * Opens a new run.
 *
 * @throws {Error} if an option is not possible, the pairs cannot be used, or the device is not there
 * @throws the signal's reason, if it aborts
 */
export async function openNewRun(
  { task, options }: { readonly task: PlaygroundTask; readonly options: PlaygroundOptions },
  surroundings: Surroundings,
  opening: Opening,
): Promise<OpenRun> {
  const planned = await planRun(task, options, opening.signal);
  const { backend = "auto", threads } = options;
  const device = { backend, ...(threads !== undefined && { threads }) };
  const source = { ...planned, device, runId: crypto.randomUUID() };
  const run = await openRun(source, surroundings, opening);
  describeBeginning(run).forEach(run.note);
  return run;
}

/** Says what people should know of a training before it begins, as `train` does. */
function describeBeginning({ settings, training: { model: { executor } } }: OpenRun): string[] {
  const { backend, executor: kind, threads } = executor.report;
  const time = backend === "cpu" && kind === "kernels"
    ? describeTrainingTime(settings, { threads, measureRate: measureCpuRate })
    : undefined;
  return [time, describeExpectation(settings)].filter((text) => text !== undefined);
}

/** Opens the run that the browser keeps, with its history. @throws {Error} if there is none, or it cannot be read */
export async function openKeptRun(
  surroundings: Surroundings,
  opening: Opening,
): Promise<OpenRun> {
  const found = await surroundings.store.read();
  if (found === undefined) throw new Error("Cannot open the run of this browser: it keeps none");
  try {
    const kept = checkKept(found);
    const { head: { name, device, owner }, pairs, log } = kept;
    const checkpoint = await decodeCheckpoint(kept.checkpoint);
    const events = log.split("\n").filter((line) => line !== "").map(parseEvent);
    const { problem, model, training, progress, runId } = checkpoint;
    const run = await openRun(
      {
        ...{ settings: { problem, model, training }, runId: runId!, name, pairs, device },
        ...{ checkpoint, owner },
      },
      surroundings,
      opening,
    );
    for (const event of events) run.show(event, "past");
    if (run.history.since(undefined)?.update.status.state === "training") {
      run.record(describeEnd("interrupted", progress, name), "past"); // the page was closed
    }
    return run;
  } catch (cause) {
    if (opening.signal.aborted) throw cause;
    throw new Error(`Cannot open the run of this browser: ${takeReason(cause)}`, { cause });
  }
}

/**
 * Opens the run of a checkpoint.
 *
 * @throws {SyntaxError} if the bytes are no checkpoint, or are damaged
 * @throws {Error} if the pairs are not those that the run learns from
 */
export async function openCheckpointRun(
  { bytes, pairs }: {
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly pairs: PairsTask | undefined;
  },
  surroundings: Surroundings,
  opening: Opening,
): Promise<OpenRun> {
  const checkpoint = await decodeCheckpoint(bytes);
  const { problem, model, training, runId } = checkpoint;
  if (pairs !== undefined) checkUse(pairs, checkpoint);
  const name = nameOf(checkpoint);
  const run = await openRun(
    {
      ...{ settings: { problem, model, training }, runId: runId ?? crypto.randomUUID(), name },
      ...{ pairs: pairs?.bytes ?? null, device: requestLike(checkpoint), checkpoint },
    },
    surroundings,
    opening,
  );
  try {
    await recordCheckpoint({ record: run.record }, name, {
      ...{ checkpoint, model: run.training.model, answers: () => answerSplit(run) },
      ...(run.split && { split: () => Promise.resolve(run.split!) }),
    });
    return run;
  } catch (error) {
    run[Symbol.dispose]();
    throw error;
  }
}

/** Checks that a run can learn from a file of pairs. */
function checkUse({ name }: PairsTask, { problem, model }: Checkpoint): void {
  if (isPairs(problem) && isOneFile(problem)) return;
  const { title } = createProblem(problem, model);
  const why = !isPairs(problem)
    ? `the run learns ${title}`
    : problem.data === null
    ? "the run names no file of pairs, because a program gave them or it was imported; it goes on in the command line alone"
    : "a run with a file of its own for validation goes on in the command line alone";
  throw new Error(`Cannot use "${name}": ${why}`);
}

function nameOf({ problem }: Pick<Checkpoint, "problem">): string {
  if (!isPairs(problem) || problem.data === null || typeof problem.data === "string") {
    return problem.name;
  }
  return nameOfFile(lastName(problem.data.path));
}
