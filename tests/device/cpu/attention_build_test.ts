import { createCpuDevice } from "../../../src/device/cpu/cpu_device.ts";
import { CELLS } from "../../../src/network/config.ts";
import { makePaddedExamples, SMALL_ATTENTION } from "../../describe_attention.ts";
import { openDevice } from "../../devices.ts";
import { makeAttentionTrial } from "../trial.ts";
import { assertSameResults, computeTrial, type TrialSetup } from "../trial_results.ts";

for (const cell of CELLS) {
  Deno.test(`the kernels for platforms without relaxed SIMD compute attention as the reference does: ${cell}`, async () => {
    const trial = makeAttentionTrial({ ...SMALL_ATTENTION, cell, hiddenSize: 18 });
    const setup: TrialSetup = {
      ...{ trial, examples: makePaddedExamples(trial.network, 21), batchSize: 9 },
      regularization: { dropout: 0.3, seed: 1, labelSmoothing: 0.1 },
    };
    const found = await computeTrial(createCpuDevice({ build: "simd" }), setup);
    assertSameResults(found, await computeTrial(await openDevice("reference"), setup));
  });
}
