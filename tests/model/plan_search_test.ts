import { assertEquals, assertThrows } from "@std/assert";
import { characterLayout } from "../../src/codec/layout.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createEnsemble } from "../../src/model/ensemble.ts";
import { createModel } from "../../src/model/create_model.ts";
import { planSearch } from "../../src/model/plan_search.ts";
import { predict } from "../../src/model/predict.ts";

const CONFIG = {
  ...{ hiddenSize: 4, layers: 1, cell: "lstm" as const },
  ...characterLayout(" 0123456789", { inputLength: 3, outputLength: 3 }),
};
const device = await chooseDevice("cpu");

Deno.test("a model with attention searches with a beam of 5 unless it is told; one without, and a vote, answer greedily", async () => {
  using attention = await createModel({ ...CONFIG, decoder: "attention" }, { device });
  using repeat = await createModel(CONFIG, { device });
  const beamOf = (...[model, given = {}]: [Parameters<typeof planSearch>[1], object?]): number =>
    planSearch("ask", model, given).beam;
  assertEquals(beamOf(attention), 5);
  assertEquals(beamOf(createEnsemble([attention], { combine: "mean" })), 5);
  assertEquals(beamOf(createEnsemble([attention], { combine: "vote" })), 1);
  assertEquals(beamOf(repeat), 1);
  assertEquals(beamOf(repeat, { nBest: 3 }), 3);
  assertEquals(beamOf(attention, { nBest: 3 }), 5);
  assertEquals(beamOf(attention, { nBest: 8 }), 8);
  assertEquals(beamOf(attention, { beam: 1 }), 1);
  assertEquals(beamOf(attention, { lengthPenalty: 1 }), 5);
  assertThrows(() => planSearch("ask", repeat, { lengthPenalty: 1 }), RangeError, "a beam of 1");
  assertThrows(
    () => planSearch("ask", createEnsemble([attention], { combine: "vote" }), { beam: 2 }),
    RangeError,
    "Cannot ask with a beam: an ensemble must combine its models by mean",
  );
  const questions = ["123", "7"];
  assertEquals(
    await predict(attention, questions),
    await predict(attention, questions, { beam: 5 }),
  );
});
