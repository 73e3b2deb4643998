import { assertEquals, assertThrows } from "@std/assert";
import type { ModelShape } from "../../src/network/config.ts";
import { findKind, resolveProblem } from "../../src/problem/registry.ts";
import {
  chooseDecoder,
  chooseModel,
  type ModelTask,
  readsReversed,
} from "../../src/training/choose_model.ts";

import { chooseSettings } from "../../src/training/choose_settings.ts";

const ADDITION: ModelTask = { problem: resolveProblem({ name: "addition" }), examples: 45_000 };
const PAIRS: ModelTask = { problem: resolveProblem({ name: "pairs" }), examples: 3240 };

Deno.test("a problem that Carry makes itself is learned by the notebook's model", () => {
  assertEquals(chooseModel({}, ADDITION), {
    ...{ cell: "lstm", hiddenSize: 128, layers: 1 },
    ...{ decoder: "repeat", encoderLayers: 1, bidirectional: false, embeddingSize: 0 },
  });
  assertEquals(readsReversed(chooseDecoder(ADDITION.problem)), true);
});

Deno.test("pairs are learned with attention, by a model that reads in both directions", () => {
  const { cell, decoder, layers, encoderLayers, bidirectional } = chooseModel({}, PAIRS);
  assertEquals([cell, decoder, layers, encoderLayers], ["lstm", "attention", 1, 2]);
  assertEquals(bidirectional, true);
  assertEquals(readsReversed(chooseDecoder(PAIRS.problem)), false);
});

Deno.test("products are learned with attention, and written from their last digit on", () => {
  const problem = resolveProblem({ name: "multiplication", digits: 2 });
  const settings = chooseSettings({ model: {}, training: {} }, {
    problem,
    layout: findKind("multiplication").layOut!(problem, false),
  });
  assertEquals([settings.model.decoder, settings.model.target.reverse], ["attention", "text"]);
  assertEquals([settings.training.schedule, settings.training.epochs > 100], ["flat", true]);
  const given = { model: { decoder: "repeat" as const }, training: {}, reverseAnswers: true };
  const layout = findKind("addition").layOut!(ADDITION.problem, true);
  assertEquals(
    chooseSettings(given, { problem: ADDITION.problem, layout }).model.target.reverse,
    "text",
  );
  assertEquals(
    chooseSettings({ model: {}, training: {} }, { problem: ADDITION.problem, layout }).model.target,
    layout.target,
  );
});

Deno.test("what is given is kept, and undefined means the choice", () => {
  const given: ModelShape = {
    ...{ cell: "gru", hiddenSize: 30, layers: 2, decoder: "attention" },
    ...{ encoderLayers: 3, bidirectional: false, embeddingSize: 7 },
  };
  for (const task of [ADDITION, PAIRS]) assertEquals(chooseModel(given, task), given);
  const none = Object.fromEntries(Object.keys(given).map((name) => [name, undefined]));
  for (const task of [ADDITION, PAIRS]) {
    assertEquals(chooseModel(none, task), chooseModel({}, task));
  }
  assertEquals(chooseModel({ decoder: "repeat" }, PAIRS), chooseModel({}, ADDITION));
});

Deno.test("chooseModel() refuses values that are not possible together", () => {
  const refuse = (given: Partial<ModelShape>, task: ModelTask, message: string): void => {
    assertThrows(() => chooseModel(given, task), RangeError, message);
  };
  refuse({ embeddingSize: 8 }, ADDITION, "embeddingSize must be 0 with the decoder repeat");
  refuse({ bidirectional: true }, ADDITION, "bidirectional must be false with the decoder repeat");
  refuse({ encoderLayers: 2 }, ADDITION, "encoderLayers must be 1 with the decoder repeat");
  refuse({ hiddenSize: 33 }, PAIRS, "hiddenSize must be even in a bidirectional model");
  refuse({ embeddingSize: 0 }, PAIRS, "embeddingSize must be 1 or more with the decoder attention");
});
