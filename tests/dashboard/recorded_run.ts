/** A run that is really trained, told as a server tells it. @module */
import { chooseDevice } from "../../src/device/choose.ts";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import type { Answered, Answers, RunStatus, RunUpdate } from "../../src/dashboard/protocol.ts";
import { createDataset, type Dataset, readExample } from "../../src/dataset/dataset.ts";
import { splitDataset } from "../../src/dataset/split.ts";
import { checkModelConfig } from "../../src/network/config.ts";
import { countParameters, describeLayers } from "../../src/network/layers.ts";
import { createModel } from "../../src/model/create_model.ts";
import { answerQuestion } from "../../src/dashboard/ask_model.ts";
import { countBatches } from "../../src/dataset/batches.ts";
import { createProblem, findKind, resolveProblem } from "../../src/problem/registry.ts";
import { groupExamples, type LearnedGrouping } from "../../src/evaluation/learned.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { Training } from "../../src/training/training.ts";
import type { TrainingEvent } from "../../src/training/events.ts";

/** What to train. */
export interface Recipe {
  readonly name: string;
  /** Settings of a problem that makes its own examples; additions without a name. */
  readonly problem: Readonly<Record<string, unknown>>;
  readonly hiddenSize: number;
  readonly training: Partial<TrainingOptions>;
}

/** News that a server would give, and the model that they are of. */
export interface RecordedRun {
  /** One update with the start, then one for every epoch, the last with the end. */
  readonly updates: readonly RunUpdate[];
  readonly answers: Answers;
  /** The last weights, as a checkpoint without moments. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** @throws {SyntaxError | RangeError} if the model cannot read the question */
  ask(question: string): Promise<Answered>;
}

/** Trains and records. The model stays as long as the process: it answers questions later. */
export async function recordRun(recipe: Recipe, run = 0): Promise<RecordedRun> {
  const device = await chooseDevice("cpu");
  const settings = resolveProblem({ name: "addition", ...recipe.problem });
  const config = checkModelConfig({
    cell: "lstm",
    hiddenSize: recipe.hiddenSize,
    layers: 1,
    ...findKind(settings.name).layOut!(settings, true),
  });
  const problem = createProblem(settings, config);
  const dataset = createDataset(problem.generated!.examples(), config);
  const split = splitDataset(dataset, { seed: settings.seed });
  const model = await createModel(config, { device, seed: settings.seed });
  using training = createTraining(model, recipe.training);
  const steps = countBatches(split.training, training.options.batchSize) * training.options.epochs;
  const grouping = await groupExamples(split.validation, problem.groupings);
  const start = {
    run: `./checkpoints/${recipe.name}`,
    runId: "recorded-run",
    backend: { name: device.report.backend, reason: device.report.reason },
    problem: settings,
    model: config,
    training: training.options,
    parameters: describeLayers(config).reduce((sum, layer) => sum + countParameters(layer), 0),
    trainingExamples: split.training.count,
    validationExamples: split.validation.count,
  };
  const of = { run, name: recipe.name };
  const waiting: RunStatus = {
    state: "training",
    reason: null,
    step: 0,
    steps,
    examplesPerSecond: null,
    leftMs: null,
  };
  const updates: RunUpdate[] = [{ ...of, reset: true, start, stepsPerPoint: 1, status: waiting }];
  let lastAnswers = new Uint8Array();
  for await (const update of gatherEpochs(train(training, split, { answers: true }), grouping)) {
    const { answers, ended, ...news } = update;
    if (answers !== undefined) lastAnswers = answers;
    const step = training.progress.step;
    const spentMs = training.progress.history.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
    const stepMs = spentMs / step;
    updates.push({
      ...of,
      ...news,
      status: {
        state: ended === undefined ? "training" : "ended",
        reason: ended ?? null,
        step,
        steps,
        examplesPerSecond: ended === undefined ? 1000 * training.options.batchSize / stepMs : null,
        leftMs: ended === undefined ? (steps - step) * stepMs : null,
      },
    });
  }
  const checkpoint = await takeCheckpoint(training, settings);
  return {
    updates,
    model: await encodeCheckpoint({ ...checkpoint, moments: [] }),
    answers: listAnswers(split.validation, lastAnswers, training),
    ask: (question) =>
      answerQuestion({ model, problem: settings, step: training.progress.step }, question),
  };
}

type EpochNews =
  & Pick<RunUpdate, "steps" | "epochs" | "samples" | "learned">
  & { readonly answers?: Uint8Array<ArrayBuffer>; readonly ended?: string };

/** Puts the events of an epoch together. */
async function* gatherEpochs(
  events: AsyncIterable<TrainingEvent>,
  grouping: LearnedGrouping,
): AsyncGenerator<EpochNews, void> {
  let columns = emptyColumns();
  let news: EpochNews = {};
  for await (const event of events) {
    if (event.event === "step") {
      columns.step.push(event.step);
      columns.loss.push(event.loss);
      columns.characterAccuracy.push(event.characterAccuracy);
      columns.learningRate.push(event.learningRate);
    } else if (event.event === "epoch") {
      const { event: _, ...row } = event;
      news = { ...news, steps: columns, epochs: [row] };
      columns = emptyColumns();
    } else if (event.event === "answers") {
      const answers = Uint8Array.from(event.answers);
      news = { ...news, answers, learned: [grouping.measure(event.epoch, answers)] };
    } else if (event.event === "samples") {
      yield { ...news, samples: [{ epoch: event.epoch, samples: event.samples }] };
      news = {};
    } else yield { ended: event.reason };
  }
}

function emptyColumns(): Record<"step" | "loss" | "characterAccuracy" | "learningRate", number[]> {
  return { step: [], loss: [], characterAccuracy: [], learningRate: [] };
}

function listAnswers(dataset: Dataset, answers: Uint8Array, training: Training): Answers {
  const T = dataset.target.length;
  const examples = Array.from({ length: dataset.count }, (_, i) => readExample(dataset, i));
  return {
    step: training.progress.step,
    examples: dataset.count,
    questions: examples.map(({ question }) => question),
    targets: examples.map(({ answer }) => answer),
    guesses: examples.map((_, i) => dataset.target.read(answers.subarray(i * T, (i + 1) * T))),
  };
}
