import { assertEquals, assertThrows } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { assess } from "../../src/evaluation/assess.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createMemory, type Memory } from "../../src/model/memory.ts";
import { predict } from "../../src/model/predict.ts";
import type { Example } from "../../src/problem/example.ts";
import { TINY_MODEL } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

function remember(...pairs: readonly (readonly [string, string])[]): Memory {
  return createMemory(pairs.map(([question, answer]): Example => ({ question, answer })));
}

Deno.test("a memory gives the most frequent answer; of equally frequent ones, the first that was so frequent", () => {
  const memory = remember(["a", "1"], ["a", "2"], ["b", "3"], ["a", "2"], ["a", "1"]);
  assertEquals(memory.recall("a"), { answer: "2", share: 0.5 });
  assertEquals(memory.recall("b"), { answer: "3", share: 1 });
  assertEquals(memory.recall("c"), undefined);
});

Deno.test("predict() with a memory answers seen questions from it, and asks the model the others", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 3 });
  const questions = ["1+2", "3+4", "5+5"];
  const alone = await predict(model, questions, { nBest: 2 });
  const memory = remember(["3+4", "7"], ["3+4", "8"], ["3+4", "7"]);
  const [first, seen, last] = await predict(model, questions, { nBest: 2, memory });
  assertEquals(
    [first, last],
    [alone[0], alone[2]].map((each) => ({ ...each!, remembered: false })),
  );
  const found = { answer: "7", probability: 2 / 3 };
  assertEquals(seen, { question: "3+4", ...found, remembered: true, alternatives: [found] });
});

Deno.test("assess() with a memory counts the answers of predict() with it", async () => {
  using model = await createModel(TINY_MODEL, { device, seed: 3 });
  const dataset = createDataset(
    [{ question: "1+2", answer: "3" }, { question: "3+4", answer: "7" }],
    TINY_MODEL,
  );
  const plain = await assess(model, dataset);
  const memory = remember(["3+4", "7"], ["3+4", "8"], ["3+4", "7"]);
  for (const beam of [1, 2]) {
    const found = await assess(model, dataset, { memory, beam });
    assertEquals([found.right, found.loss], [1, plain.loss]);
    const bin = found.calibration.bins.find(({ from }) => from === 0.6)!;
    assertEquals([bin.examples, bin.right], [1, 1]); // the share of the question's examples, 2 / 3
  }
});

Deno.test("a memory does not answer a question with a symbol that the model does not know", async () => {
  const symbols = [...TINY_MODEL.source.symbols, "\uFFFD"];
  const config = { ...TINY_MODEL, source: { ...TINY_MODEL.source, symbols } };
  using model = await createModel(config, { device, seed: 3 });
  const memory = remember(["1\uFFFD2", "3"]);
  const [prediction] = await predict(model, ["1x2"], { memory });
  assertEquals(prediction!.remembered, false);
});

Deno.test("createMemory() refuses what is no list", () => {
  assertThrows(() => createMemory(3 as unknown as Example[]), TypeError);
});
