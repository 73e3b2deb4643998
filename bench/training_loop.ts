/**
 * Measures the training loop of a checkout as a program sees it: `train()` with the default recipe. A round is an epoch without its
 * evaluation: from the request for its first step to the event of its last one.
 *
 * `echo | deno run -A bench/training_loop.ts --threads 2 --project ../older` measures one round.
 *
 * @module
 */
import type { TrainingEvent } from "../mod.ts";
import type { StepEvent } from "../parts.ts";
import { openProject, type Project, readProjectOptions } from "./project.ts";
import { answerRequests } from "./round.ts";
import { describeCommit } from "./setting.ts";

/** Examples of a step, as the default recipe has them. */
const BATCH_SIZE = 64;
/** Share of the questions that are held out, as by default. */
const VALIDATION_SHARE = 0.1;
/** More epochs than there are rounds. */
const EPOCHS = 1000;

if (import.meta.main) {
  const { project, threads, count: steps } = readProjectOptions(Deno.args, {
    command: "deno run -A bench/training_loop.ts",
    summary: "measure an epoch of train() for every line of standard input",
  }, { name: "steps", otherwise: 200 });
  const opened = await openProject(project, threads);
  const { config } = opened.model;
  const version = await describeCommit(project);
  const events = trainLong(opened, steps);
  const losses: number[] = [];
  await answerRequests(async () => {
    if (losses.length > 0) await finishEpoch(events);
    const started = performance.now();
    const taken = await takeSteps(events, steps);
    const stepMs = (performance.now() - started) / steps;
    if (losses.length === 0) losses.push(taken[0]!.loss, taken.at(-1)!.loss);
    return {
      ...{ peer: "carry", version, threads, batchSize: BATCH_SIZE, losses, steps },
      hiddenSize: config.hiddenSize,
      parameters: opened.library.countModelParameters(config),
      ...{ medianMs: stepMs, minMs: stepMs },
    };
  });
  Deno.exit(0); // the training is not at its end
}

/** Trains with as many questions as fill the steps of an epoch. */
function trainLong({ library, model }: Project, steps: number): AsyncIterator<TrainingEvent> {
  const count = Math.floor(steps * BATCH_SIZE / (1 - VALIDATION_SHARE));
  const dataset = library.makeAdditions(count);
  const split = library.splitDataset(dataset, { validationShare: VALIDATION_SHARE });
  const training = library.createTraining(model, { batchSize: BATCH_SIZE, epochs: EPOCHS });
  return library.train(training, split, { samples: 0 });
}

/** Waits for some steps. */
async function takeSteps(
  events: AsyncIterator<TrainingEvent>,
  count: number,
): Promise<StepEvent[]> {
  const steps: StepEvent[] = [];
  while (steps.length < count) {
    const event = await nextEvent(events);
    if (event.event !== "step") {
      throw new Error(`it must take ${count} steps an epoch, but took ${steps.length}`);
    }
    steps.push(event);
  }
  return steps;
}

/** Waits for the end of the epoch. */
async function finishEpoch(events: AsyncIterator<TrainingEvent>): Promise<void> {
  const event = await nextEvent(events);
  if (event.event !== "epoch") {
    throw new Error(`the epoch must end here, but there was a ${event.event}`);
  }
}

async function nextEvent(events: AsyncIterator<TrainingEvent>): Promise<TrainingEvent> {
  const { done, value } = await events.next();
  if (done === true) throw new Error("the training has ended");
  return value;
}
