import { assertEquals, assertMatch } from "@std/assert";
import { adviseLearning } from "../../src/cli/learning_advice.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { PROBLEM_OPTIONS } from "../../src/cli/problem_options.ts";
import { MODEL_OPTIONS, readSettings, TRAINING_OPTIONS } from "../../src/cli/settings.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";

/** The figures of the last epoch of a run, as this program measured them. */
type Figures = Pick<EpochMetrics, "epoch" | "step" | "loss" | "validationLoss" | "exactMatch">;

function advise(
  command: string,
  figures: Figures,
  { before = 10, reason = "epochs" }: { before?: number; reason?: "epochs" | "patience" } = {},
): string | undefined {
  const options = [...PROBLEM_OPTIONS, ...MODEL_OPTIONS, ...TRAINING_OPTIONS];
  const last = { ...figures, characterAccuracy: 0, elapsedMs: 0 };
  const history = [{ ...last, epoch: figures.epoch - 1, validationLoss: before }, last];
  return adviseLearning(readSettings(parseOptions(command.split(" "), options)), history, reason);
}

Deno.test("a model that has learned gets no advice", () => {
  const figures = { epoch: 5, step: 3520, loss: 0.01, validationLoss: 0.01, exactMatch: 0.5 };
  assertEquals(advise("--digits=3", figures), undefined);
});

Deno.test("too few questions: the advice is more questions, or larger numbers if all are used", () => {
  const few = { epoch: 100, step: 100, loss: 0.04, validationLoss: 2.5, exactMatch: 0.2 };
  assertMatch(
    advise("--digits=1 --epochs=100", few)!,
    /trained on 50 questions, which is too few\. There are no more questions of 1 digit\. .*--digits 2$/,
  );
  assertMatch(
    advise("--digits=2 --examples=400", { ...few, epoch: 100, step: 600 })!,
    /on 360 questions, which is too few\. Train a new run with more questions: --examples 5050$/,
  );
});

Deno.test("as many questions as teach two digits are too few for three", () => {
  const short = { epoch: 4, step: 60, loss: 1.7, validationLoss: 1.7, exactMatch: 0.01 };
  assertMatch(
    advise("--digits=2 --examples=1000", short)!,
    /trained for 60 steps, which is too few/,
  );
  assertMatch(advise("--digits=3 --examples=1000", short)!, /on 900 questions, which is too few/);
});

Deno.test("memorised questions: the advice is more questions", () => {
  const figures = { epoch: 75, step: 2175, loss: 0.0007, validationLoss: 1.7857, exactMatch: 0.17 };
  assertMatch(
    advise("--examples=2000 --epochs=75", figures)!,
    /answers 17\.00 % .* memorised .*\(loss 0\.0007, validation loss 1\.7857\)\. .*--examples 50000$/,
  );
  assertMatch(advise("--examples=60000", figures)!, /--examples 240000$/);
});

Deno.test("too few steps: the advice is more epochs, in a new run if the rate depends on the epochs", () => {
  const figures = { epoch: 5, step: 360, loss: 0.88, validationLoss: 0.84, exactMatch: 0.1842 };
  assertMatch(
    advise("--digits=2", figures)!,
    /trained for 360 steps, .* a new run longer: --epochs 35$/,
  );
  const constant = { epoch: 3, step: 1056, loss: 1.6, validationLoss: 1.5, exactMatch: 0.006 };
  assertMatch(
    advise("--recipe=notebook --epochs=3", constant)!,
    /Train it longer: --resume --epochs 12$/,
  );
});

Deno.test("a constant rate: the advice is more epochs if the loss still falls, else a larger model", () => {
  const figures = { epoch: 12, step: 4224, loss: 0.74, validationLoss: 0.73, exactMatch: 0.108 };
  const command = "--recipe=notebook --epochs=12";
  assertMatch(advise(command, figures, { before: 0.8 })!, /--resume --epochs 48$/);
  assertMatch(advise(command, figures, { before: 0.731 })!, /larger model: --hidden-size 256$/);
});

Deno.test("enough steps of a small model: the advice is a larger model", () => {
  const figures = { epoch: 5, step: 3520, loss: 1.06, validationLoss: 1.05, exactMatch: 0.05 };
  assertMatch(advise("--hidden-size=16", figures)!, /larger model: --hidden-size 128$/);
  assertMatch(advise("--digits=3", figures)!, /larger model: --hidden-size 256$/);
  assertMatch(advise("--digits=6", figures)!, /which is too few\. .*--epochs 20$/);
});

Deno.test("a learning rate far from that of the recipe: the advice is that of the recipe", () => {
  const figures = { epoch: 2, step: 1408, loss: 2.4, validationLoss: 2.4, exactMatch: 0 };
  assertMatch(advise("--learning-rate=0.00001", figures)!, /is low\. .*--learning-rate 0\.024$/);
  assertMatch(advise("--learning-rate=0.3", figures)!, /rate 0\.3 is high\./);
});

Deno.test("a training that --patience ended: the advice is a larger --patience", () => {
  const figures = { epoch: 4, step: 2816, loss: 1, validationLoss: 1, exactMatch: 0.05 };
  assertMatch(
    advise("--patience=2", figures, { reason: "patience" })!,
    /--patience 2 ended the training after 2816 steps\. Try a larger number, or 0/,
  );
});
