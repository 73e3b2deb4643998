import { assertAlmostEquals, assertEquals } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { assess } from "../../src/evaluation/assess.ts";
import { createEnsembleCounter } from "../../src/evaluation/ensemble_counter.ts";
import { wilsonInterval } from "../../src/evaluation/interval.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createEnsemble } from "../../src/model/ensemble.ts";
import { generateAddition } from "../../src/problem/addition.ts";
import { TINY_MODEL } from "../tiny_training.ts";

Deno.test("an ensemble's counter gives each model's figures, their sample standard deviation, and the agreement", () => {
  const counter = createEnsembleCounter(2);
  counter.add({
    targets: Uint8Array.from([1, 2, 3, 4, 5, 6]),
    answers: Uint8Array.from([1, 2, 3, 9, 5, 6]),
    members: [[1, 2, 3, 9, 5, 6], [1, 2, 3, 4, 0, 6]].map((row) => Uint8Array.from(row)),
  });
  const { members, meanExactMatch, standardDeviation, agreement } = counter.finish(4, false); // one was refused
  assertEquals(members.map(({ right, exactMatch }) => [right, exactMatch]), [[2, 0.5], [2, 0.5]]);
  assertEquals(members[0], { right: 2, exactMatch: 0.5, ...wilsonInterval(2, 4) });
  assertEquals([meanExactMatch, standardDeviation], [0.5, 0]);
  assertEquals(agreement.meanProbability, (1 + 0.5 + 0.5) / 3);
  const bins = agreement.bins.filter(({ examples }) => examples > 0);
  assertEquals(bins.map(({ examples, right }) => [examples, right]), [[2, 1], [1, 1]]);
});

Deno.test("the standard deviation is that of a sample: of 0.25 and 0.75 it is 0.5 / sqrt(2)", () => {
  const counter = createEnsembleCounter(1);
  counter.add({
    targets: Uint8Array.from([1, 1, 1, 1]),
    answers: Uint8Array.from([1, 1, 1, 1]),
    members: [Uint8Array.from([1, 0, 0, 0]), Uint8Array.from([1, 1, 1, 0])],
  });
  assertAlmostEquals(counter.finish(4, false).standardDeviation!, 0.5 / Math.SQRT2, 1e-15);
});

Deno.test("assess() of an ensemble has the figures that its models have alone, with and without a beam", async () => {
  const device = await chooseDevice("cpu");
  const dataset = createDataset(generateAddition({ digits: 1 }), TINY_MODEL);
  const models = await Promise.all(
    [1, 2].map((seed) => createModel(TINY_MODEL, { device, seed })),
  );
  using ensemble = createEnsemble(models);
  const alone = await Promise.all(models.map((model) => assess(model, dataset)));
  assertEquals(alone.map((each) => each.ensemble), [null, null]);
  for (const beam of [1, 3]) {
    const { ensemble: figures } = await assess(ensemble, dataset, { beam });
    assertEquals(
      figures!.members,
      alone.map(({ right, exactMatch, exactMatchInterval }) => ({
        ...{ right, exactMatch, ...exactMatchInterval },
      })),
    );
  }
});
