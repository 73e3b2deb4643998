import { CELLS } from "../../src/network/config.ts";
import { openDevice, testOnEveryDevice } from "../devices.ts";
import { makeExamples, makeTrial, SMALL } from "./trial.ts";
import { assertSameResults, computeTrial, type TrialSetup } from "./trial_results.ts";

const REGULARIZATION = { dropout: 0, seed: 0, labelSmoothing: 0.2 };

for (const [i, cell] of CELLS.entries()) {
  const V = [1, 7, 33][i]!;
  testOnEveryDevice(
    `the loss is smoothed with the decoder repeat too: ${cell}, ${V} symbols of targets`,
    async (device) => {
      const trial = makeTrial({ ...SMALL, cell, targetVocabularySize: V });
      const examples = makeExamples(trial.network, 23);
      const setup: TrialSetup = {
        ...{ trial, examples, batchSize: 9 },
        regularization: REGULARIZATION,
      };
      const expected = await computeTrial(await openDevice("reference"), setup);
      assertSameResults(await computeTrial(device, setup), expected);
    },
  );
}
