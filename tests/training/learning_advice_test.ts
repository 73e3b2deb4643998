import { assertEquals, assertMatch } from "@std/assert";
import { adviseLearning } from "../../src/training/learning_advice.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { TRAINED_PROBLEM_OPTIONS } from "../../src/cli/problem_options.ts";
import {
  MODEL_OPTIONS,
  readSettings,
  readSettingsOf,
  TRAINING_OPTIONS,
} from "../../src/cli/settings.ts";
import { measureTexts } from "../problem/pairs/read_pairs.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";

/** The figures of the last epoch of a run. */
type Figures = Pick<EpochMetrics, "epoch" | "step" | "loss" | "validationLoss" | "exactMatch">;

function advise(
  command: string,
  figures: Partial<Figures>,
  { before = 10, reason = "epochs" }: { before?: number; reason?: "epochs" | "patience" } = {},
): string | undefined {
  const options = [...TRAINED_PROBLEM_OPTIONS, ...MODEL_OPTIONS, ...TRAINING_OPTIONS];
  const last = {
    ...{ epoch: 4, step: 2816, loss: 1, validationLoss: 1, exactMatch: 0.2 },
    ...{ characterAccuracy: 0, elapsedMs: 0 },
    ...figures,
  };
  const history = [{ ...last, epoch: last.epoch - 1, validationLoss: before }, last];
  return adviseLearning(readSettings(parseOptions(command.split(" "), options)), history, reason);
}

Deno.test("a model that has learned gets no advice", () => {
  assertEquals(advise("--digits=3", { exactMatch: 0.9 }), undefined);
  assertMatch(
    advise("--digits=3", { exactMatch: 0.85 })!,
    /^The model has not learned its task: it/,
  );
  assertEquals(advise("--digits=9", { exactMatch: 0.5 }), undefined); // as much as could be expected
});

Deno.test("memorised questions: the advice is fresh ones, or larger numbers if all are used", () => {
  const figures = { epoch: 40, step: 2160, loss: 0.0007, validationLoss: 1.7857, exactMatch: 0.17 };
  assertMatch(
    advise("--examples=2000", figures)!,
    /answers 17\.00 % .* memorised the 1,800 questions .*\(loss 0\.0007, validation loss 1\.7857\)\. .*--examples stream$/,
  );
  assertMatch(advise("--digits=1", figures)!, /memorised the 50 questions .*--digits 2$/);
});

Deno.test("fewer examples than the recipe takes: the advice is its number of epochs, in a new run if the rate depends on it", () => {
  assertMatch(
    advise("--digits=5 --epochs=4", {})!,
    /It took 180,000 examples, which is too few\. Train a new run longer: --epochs 18$/,
  );
  assertMatch(
    advise("--digits=5 --epochs=4 --schedule=constant", {})!,
    /Train it longer: --resume --epochs 18$/,
  );
});

Deno.test("a constant rate: the advice is more epochs if the loss still falls", () => {
  const command = "--recipe=notebook --epochs=12";
  assertMatch(advise(command, { epoch: 12 })!, /still learning\. .*--resume --epochs 48$/);
  assertMatch(
    advise(command, { epoch: 12 }, { before: 1.01 })!,
    /other questions in every epoch: --examples stream$/,
  );
});

Deno.test("most questions are asked: the advice is more epochs before it is larger numbers", () => {
  const command = "--digits=2 --examples=5050 --recipe=notebook --epochs=5";
  assertMatch(
    advise(command, { epoch: 5 }, { before: 1.01 })!,
    /which is too few\. Train it longer: --resume --epochs 99$/,
  );
  assertMatch(advise(command, { epoch: 99 }, { before: 1.01 })!, /larger numbers: --digits 3$/);
});

Deno.test("a small, deep or simple model: the advice is the one that learns best", () => {
  const figures = { epoch: 32, step: 22_528 };
  for (const option of ["--hidden-size=16", "--layers=3", "--cell=simple"]) {
    assertMatch(advise(option, figures)!, /learns best: --hidden-size 128 --layers 1 --cell lstm$/);
  }
  assertMatch(advise("--hidden-size=256 --layers=3", figures)!, /--hidden-size 256 --layers 1/);
});

Deno.test("a task for which no training is known is said to be one", () => {
  const figures = { epoch: 30, step: 21_120, exactMatch: 0.1 };
  assertMatch(
    advise("--problem=multiplication", figures)!,
    /No training is known that learns this for certain\. .*--examples stream, or for longer: --epochs 120$/,
  );
});

Deno.test("a training like those that learned: the advice is other first weights, or a longer one", () => {
  assertMatch(advise("--seed=4", { exactMatch: 0.85 })!, /Other first weights .*: --seed 5$/);
  assertMatch(advise("--seed=4", { exactMatch: 0.1 })!, /for longer: --epochs 16$/);
});

Deno.test("a learning rate far from that of the recipe: the advice is that of the recipe", () => {
  assertMatch(advise("--learning-rate=0.00001", {})!, /is low\. .*--learning-rate 0\.024$/);
  assertMatch(advise("--learning-rate=0.3 --digits=4", {})!, /0\.3 is high\. .* 0\.012$/);
});

Deno.test("a training that --patience ended: the advice is a larger --patience", () => {
  assertMatch(
    advise("--patience=2", {}, { reason: "patience" })!,
    /--patience 2 ended the training after 2816 steps\. Try a larger number, or 0/,
  );
});

Deno.test("of pairs, the examples that were taken are counted, and not full batches", () => {
  const data = Array.from({ length: 20 }, (_, i) => `q${i}\ta${i}\n`).join("");
  const { settings, laidOut } = measureTexts({ data });
  const problem = { ...settings, data: { ...FILE, pairs: 20 } };
  const typed = parseOptions(["--epochs=1"], [
    ...TRAINED_PROBLEM_OPTIONS,
    ...TRAINING_OPTIONS,
    ...MODEL_OPTIONS,
  ]);
  const last = { epoch: 1, step: 3, loss: 1, validationLoss: 1, exactMatch: 0.2 };
  const history = [{ ...last, characterAccuracy: 0, elapsedMs: 0 }];
  const advice = adviseLearning(readSettingsOf(typed, problem, laidOut.layout), history, "epochs");
  assertMatch(advice!, /It took 18 examples, which is too few/);
});

const FILE = { path: "f", format: "tsv", sha256: "0".repeat(64), sizeBytes: 100 } as const;
