import { assert, assertEquals } from "@std/assert";
import { countStepCost, estimateStepMs, type StepCost } from "../../src/network/cost.ts";
import { describeTwoTables } from "../describe_two_tables.ts";
import { describeNetwork } from "../../src/network/describe_network.ts";
import { layOutTexts, TINY_MODEL } from "../tiny_training.ts";

/** The notebook's model. */
const NOTEBOOK = describeNetwork({
  ...TINY_MODEL,
  ...{ hiddenSize: 128, ...layOutTexts(7, 4) },
});

Deno.test("countStepCost() counts the bytes of parameters, gradients and moments", () => {
  const { parameters, stateBytes } = countStepCost(NOTEBOOK, 128);
  assertEquals([parameters, stateBytes], [205_324, 16 * 205_324]);
});

/** The first time step has no states to multiply: each product of states has B (T - 1) rows. */
Deno.test("countStepCost() counts multiplications and additions of a step", () => {
  const H = 128, V = 12, B = 8;
  const encoder = B * 6 * H * 4 * H;
  const decoder = B * 3 * H * 4 * H + B * H * 4 * H;
  const dense = B * 4 * H * V;
  assertEquals(countStepCost(NOTEBOOK, B).operations, 2 * 3 * (encoder + decoder + dense));
});

Deno.test("countStepCost() counts no multiplications of a lookup, whatever its table", () => {
  const sizes = { cell: "gru", hiddenSize: 8, layers: 1, inputLength: 3, outputLength: 2 } as const;
  const cost = (sourceVocabularySize: number, targetVocabularySize: number): StepCost =>
    countStepCost(describeTwoTables({ ...sizes, sourceVocabularySize, targetVocabularySize }), 4);
  assertEquals(cost(200, 5).operations, cost(5, 5).operations);
  assertEquals(cost(200, 5).parameters - cost(5, 5).parameters, 195 * 3 * 8);
  assertEquals(cost(5, 200).operations - cost(5, 5).operations, 2 * 3 * 4 * 2 * 195 * 8);
  assertEquals(cost(5, 200).parameters - cost(5, 5).parameters, 195 * (8 + 1));
});

Deno.test("estimateStepMs() divides products among threads, but not memory accesses", () => {
  const cost = { operations: 8e9, parameters: 0 };
  assertEquals(estimateStepMs(cost, { rate: 1e9, threads: 4 }), 2000);
  const full = { ...cost, parameters: 1e9 };
  const memoryMs = estimateStepMs(full, { rate: Infinity, threads: 1 });
  assert(memoryMs > 1000);
  assertEquals(estimateStepMs(full, { rate: 1e9, threads: 4 }), 2000 + memoryMs);
});
