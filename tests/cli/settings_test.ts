import { assertEquals, assertThrows } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { PROBLEM_OPTIONS } from "../../src/cli/problem_options.ts";
import {
  MODEL_OPTIONS,
  readResumedSettings,
  readSettings,
  REVERSE_ANSWERS_OPTION,
  REVERSE_OPTION,
  suggestResuming,
  TRAINING_OPTIONS,
} from "../../src/cli/settings.ts";
import type { TypedOptions } from "../../src/cli/options.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";

function type(...args: string[]): TypedOptions {
  const options = [
    ...PROBLEM_OPTIONS,
    REVERSE_ANSWERS_OPTION,
    REVERSE_OPTION,
    ...MODEL_OPTIONS,
    ...TRAINING_OPTIONS,
  ];
  return parseOptions(args, options);
}

/** A run with four complete epochs. */
function saved(training: Partial<TrainingOptions>): Checkpoint {
  return { ...markCheckpoint(4), training: resolveTraining({ epochs: 4, ...training }) };
}

Deno.test("--stop-at accepts an accuracy as a share or a percentage, and a loss as a number", () => {
  const stopAt = (text: string): unknown => readSettings(type(`--stop-at=${text}`)).training.stopAt;
  assertEquals(stopAt("exactMatch=0.99"), { metric: "exactMatch", value: 0.99 });
  assertEquals(stopAt("exactMatch=99%"), { metric: "exactMatch", value: 0.99 });
  assertEquals(stopAt("characterAccuracy=100 %"), { metric: "characterAccuracy", value: 1 });
  assertEquals(stopAt("loss=1.5e-1"), { metric: "loss", value: 0.15 });
});

Deno.test("--stop-at refuses an accuracy above 1, and says how a percentage is written", () => {
  const refuse = (text: string, message: string): void => {
    assertThrows(() => readSettings(type(`--stop-at=${text}`)), UsageError, message);
  };
  refuse("exactMatch=90", "90 % is exactMatch=90%");
  refuse("characterAccuracy=1.5", "a share from 0 to 1");
  refuse("exactMatch=101%", "but is 101%");
  for (const text of ["loss=5%", "exactMatch", "exactMatch=", "exactMatch=x", "accuracy=1"]) {
    refuse(text, "METRIC=NUMBER");
  }
});

Deno.test("a run with a constant rate is resumed with other epochs, and the hint of a complete one says so", () => {
  const stored = saved({ schedule: "constant" });
  assertEquals(readResumedSettings(type("--epochs=10"), stored).training.epochs, 10);
  assertEquals(readResumedSettings(type(), stored).training, stored.training);
  assertThrows(
    () => readResumedSettings(type("--epochs=3"), stored),
    UsageError,
    "epochs must be at least 4",
  );
  assertEquals(
    suggestResuming("epochs", stored.training),
    "add --epochs N with N above 4 to train longer",
  );
});

Deno.test("a run whose rate depends on its epochs is not resumed with others, and the error says what to do", () => {
  const stored = saved({ schedule: "triangular" });
  assertThrows(
    () => readResumedSettings(type("--epochs=10"), stored),
    UsageError,
    "Only a training with the constant schedule can continue with other epochs",
  );
  assertEquals(readResumedSettings(type("--epochs=4"), stored).training, stored.training);
  assertEquals(
    suggestResuming("epochs", stored.training),
    "its triangular learning rate was planned for 4 epochs; to train longer, start a new run with a higher --epochs",
  );
  assertEquals(
    suggestResuming("epochs", { ...stored.training, epochs: 1 }),
    "its triangular learning rate was planned for 1 epoch; to train longer, start a new run with a higher --epochs",
  );
});

Deno.test("the recipe fast takes fresh sums or swaps numbers, and weights short sums, notebook does not, and options override both", () => {
  const order = (...args: string[]): boolean[] => {
    const { swap, weighted, fresh } = readSettings(type(...args)).training;
    return [swap, weighted, fresh];
  };
  assertEquals(order(), [false, true, true]);
  assertEquals(order("--examples=50000"), [true, true, false]);
  assertEquals(order("--recipe=fast", "--weighted=off"), [false, false, true]);
  assertEquals(order("--swap=on"), [true, true, false]);
  assertEquals(order("--digits=2"), [true, true, false]);
  assertEquals(order("--digits=2", "--examples=stream"), [false, true, true]);
  assertEquals(order("--problem=dates"), [false, false, true]);
  assertEquals(order("--recipe=notebook"), [false, false, false]);
  assertEquals(order("--recipe=notebook", "--examples=stream"), [false, false, true]);
  assertEquals(order("--recipe=notebook", "--swap=on"), [true, false, false]);
  assertThrows(() => order("--swap=yes"), UsageError, "--swap: it must be one of on, off");
});

Deno.test("a run keeps its order when it is resumed: swap and weighted are those that it has", () => {
  const old = saved({ swap: false, weighted: false });
  assertEquals(readResumedSettings(type(), old).training, old.training);
  assertThrows(
    () => readResumedSettings(type("--swap=on"), old),
    UsageError,
    "another --swap: the run has off, but on",
  );
  const today = saved({ swap: true, weighted: true });
  assertEquals(readResumedSettings(type("--swap=on"), today).training, today.training);
  assertThrows(() => readResumedSettings(type("--weighted=off"), today), UsageError, "weighted");
});

Deno.test("a run is resumed with another rule that decides when it stops", () => {
  const stored = saved({ stopAt: { metric: "exactMatch", value: 0.9 }, patience: 2 });
  const { training } = readResumedSettings(
    type("--stop-at=exactMatch=95%", "--patience=0"),
    stored,
  );
  assertEquals([training.stopAt?.value, training.patience], [0.95, 0]);
  assertEquals(
    suggestResuming("stopAt", stored.training),
    "add --stop-at exactMatch=X with a stricter value than 0.9 to train longer",
  );
  assertEquals(
    suggestResuming("patience", stored.training),
    "add --patience N with N above 2, or 0, to train longer",
  );
});

Deno.test("a run is not resumed with other options", () => {
  const stored = saved({});
  for (const arg of ["--digits=2", "--hidden-size=9", "--batch-size=7", "--learning-rate=0.5"]) {
    assertThrows(() => readResumedSettings(type(arg), stored), UsageError, "Cannot resume with");
  }
});

Deno.test("the options of a model with attention are read, and questions are then not reversed", () => {
  const { model } = readSettings(
    type("--decoder=attention", "--encoder-layers=2", "--bidirectional=off", "--embedding-size=9"),
  );
  const { decoder, encoderLayers, bidirectional, embeddingSize, source } = model;
  assertEquals([decoder, encoderLayers, bidirectional, embeddingSize], ["attention", 2, false, 9]);
  assertEquals(source.reverse, false);
  const reverse = (...args: string[]): unknown => readSettings(type(...args)).model.source.reverse;
  assertEquals(reverse(), true);
  assertEquals(reverse("--no-reverse"), false);
  assertEquals(reverse("--decoder=attention", "--reverse"), true);
});

Deno.test("the direction of answers is read, and a run is resumed with it only", () => {
  const direction = (...args: string[]): unknown =>
    readSettings(type(...args)).model.target.reverse;
  assertEquals([direction(), direction("--reverse-answers=on")], [false, "text"]);
  const products = "--problem=multiplication";
  assertEquals([direction(products), direction(products, "--reverse-answers=off")], [
    "text",
    false,
  ]);
  assertEquals(direction(products, "--decoder=repeat"), false);
  assertThrows(() => direction("--reverse-answers=yes"), UsageError, "on, off");
  const stored = saved({});
  assertEquals(readResumedSettings(type("--reverse-answers=off"), stored).model, stored.model);
  assertThrows(
    () => readResumedSettings(type("--reverse-answers=on"), stored),
    UsageError,
    "Cannot resume with --reverse-answers on: the run has answers that are not reversed",
  );
});

Deno.test("options that only a model with attention has are refused without it", () => {
  for (
    const [option, message] of [
      ["--embedding-size=8", "embeddingSize must be 0 with the decoder repeat"],
      ["--encoder-layers=2", "encoderLayers must be 1 with the decoder repeat"],
      ["--bidirectional=on", "bidirectional must be false with the decoder repeat"],
      ["--dropout=10%", "dropout must be 0 with the decoder repeat"],
    ] as const
  ) {
    assertThrows(() => readSettings(type(option)), UsageError, message);
  }
  assertEquals(readSettings(type("--decoder=attention", "--dropout=10%")).training.dropout, 0.1);
});

Deno.test("a run is resumed with the direction of its questions only", () => {
  const stored = saved({});
  assertEquals(readResumedSettings(type("--reverse"), stored).model, stored.model);
  assertThrows(
    () => readResumedSettings(type("--no-reverse"), stored),
    UsageError,
    "Cannot resume with --no-reverse: the run has questions that are reversed",
  );
  const { source } = stored.model;
  const unreversed = {
    ...stored,
    model: { ...stored.model, source: { ...source, reverse: false } },
  };
  assertThrows(
    () => readResumedSettings(type("--reverse"), unreversed),
    UsageError,
    "Cannot resume with --reverse: the run has questions that are not reversed",
  );
});
