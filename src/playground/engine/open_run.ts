/** A run of the playground in memory: its training, its history, and what keeps it. @module */
import type { RunEvent } from "../../checkpoint/run_events.ts";
import { findComputerChange } from "../../checkpoint/trained_on.ts";
import type { RunUpdate } from "../../dashboard/protocol.ts";
import { type LiveRun, watchTraining } from "../../dashboard/live_run.ts";
import { createRunHistory, type RunHistory } from "../../dashboard/run_news.ts";
import { countBatches } from "../../dataset/batches.ts";
import type { Split } from "../../dataset/split.ts";
import { createModel } from "../../model/create_model.ts";
import { createProblem } from "../../problem/registry.ts";
import { Resources } from "../../time/resources.ts";
import { createTraining } from "../../training/create_training.ts";
import type { Training } from "../../training/training.ts";
import { countTrainingExamples } from "../../training/training_examples.ts";
import { checkTrainingFits } from "../../training/training_fits.ts";
import { type OpenDevice, openRequested } from "./device_request.ts";
import { openTaskSplit } from "./open_task_split.ts";
import { createRunKeeper, type RunKeeper } from "./run_keeper.ts";
import type { RunSource } from "./run_source.ts";
import type { RunStore } from "./run_store.ts";
import { createUpdateSender, type UpdateSender } from "./update_sender.ts";

/** What runs need from their surroundings. */
export interface Surroundings {
  readonly store: RunStore;
  readonly openDevice: OpenDevice;
  /** The time of day in milliseconds since 1970. */
  readonly date: () => number;
  /** Takes the news of the run. */
  readonly update: (update: RunUpdate) => void;
  /** Takes a sentence for people. */
  readonly note: (text: string) => void;
}

/** How a run is opened. */
export interface Opening {
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Pauses the run before. It is called when it is known that this one can be trained. */
  makeRoom(): Promise<void>;
}

/** A run in memory. Disposing of it frees the memory of its device. */
export interface OpenRun extends RunSource, Disposable {
  readonly training: Training;
  /** Its examples; undefined for a model of pairs that are not there: it can be asked, but not trained. */
  readonly split: Split | undefined;
  readonly live: LiveRun;
  readonly history: RunHistory;
  readonly keeper: RunKeeper;
  readonly sender: UpdateSender;
  /** Why its training failed; undefined if it did not. */
  readonly failure: Error | undefined;
  /** Adds an event to history and log. `past` means that it happened earlier, so that it does not count for the speed. */
  record(event: RunEvent, past?: "past"): void;
  /** Adds an event to the history alone. */
  show(event: RunEvent, past?: "past"): void;
  /** Takes a sentence for people. */
  readonly note: (text: string) => void;
  /** Notes that its training failed. */
  fail(error: Error): void;
}

/**
 * Opens a run: its device, its examples, its model and its training. Nothing is kept or recorded.
 *
 * @throws {Error} if the device is not there, or the training does not fit it, or the pairs are not those of the run
 * @throws the signal's reason, if it aborts; all memory is freed
 */
export async function openRun(
  source: RunSource,
  surroundings: Surroundings,
  { signal, makeRoom }: Opening,
): Promise<OpenRun> {
  const { settings, checkpoint } = source;
  const { model: config, training: options } = settings;
  const device = await openRequested(surroundings.openDevice, source.device, config);
  const examples = countTrainingExamples(settings);
  checkTrainingFits(device, { config, batchSize: Math.min(options.batchSize, examples) });
  signal.throwIfAborted();
  await makeRoom();
  const split = await openTaskSplit(source, signal);
  using opened = new Resources();
  const model = opened.use(
    await createModel(config, {
      ...{ device, seed: options.seed, signal },
      ...(checkpoint && { parameters: checkpoint.parameters }),
    }),
  );
  const training = opened.use(createTraining(model, options, checkpoint));
  signal.throwIfAborted();
  const change = checkpoint && findComputerChange(checkpoint, model.executor.report);
  if (change !== undefined) surroundings.note(change);
  return assembleRun({ ...source, training, split }, surroundings, opened.move());
}

function assembleRun(
  parts: RunSource & Pick<OpenRun, "training" | "split">,
  { store, date, update, note }: Surroundings,
  owned: Resources,
): OpenRun {
  const { settings: { problem, model }, name, runId, pairs, training, split } = parts;
  const history = createRunHistory(name, () => performance.now());
  const sender = owned.use(createUpdateSender(history, update));
  const keeper = createRunKeeper({
    ...{ store, runId, pairs, date, note },
    ...(parts.owner !== undefined && { owner: parts.owner }),
    head: {
      ...{ name, device: parts.device, steps: countSteps(parts) },
      title: createProblem(problem, model).title,
    },
  });
  let failure: Error | undefined;
  const show = (event: RunEvent, past?: "past"): void => {
    history.record(event, past);
    sender.changed();
  };
  return {
    ...parts,
    ...{ history, keeper, sender, show, note },
    live: watchTraining({ path: name, news: history, training, problem, ...(split && { split }) }),
    get failure(): Error | undefined {
      return failure;
    },
    record(event, past): void {
      keeper.record(event);
      show(event, past);
    },
    fail(error): void {
      failure = error;
      note(error.message);
    },
    [Symbol.dispose]: () => owned[Symbol.dispose](),
  };
}

/** Counts the steps of the whole training. */
function countSteps({ settings, split }: Pick<OpenRun, "settings" | "split">): number {
  const { batchSize, epochs } = settings.training;
  const batches = split === undefined
    ? Math.ceil(countTrainingExamples(settings) / batchSize)
    : countBatches(split.training, batchSize);
  return batches * epochs;
}
