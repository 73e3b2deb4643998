import { assertEquals } from "@std/assert";
import { createCpuDevice } from "../../../src/device/cpu/cpu_device.ts";
import { CELLS } from "../../../src/network/config.ts";
import { makePaddedExamples, SMALL_ATTENTION } from "../../describe_attention.ts";
import { decodeSome } from "../decode_some.ts";
import { ADAM, drawRows, makeAttentionTrial, takeSteps } from "../trial.ts";

const COUNT = 200;
/** A batch whose last panel has few examples; the last batch has a few panels. */
const BATCH = 77;
const ORDER = drawRows(COUNT, 2 * BATCH + 20);
const REGULARIZATION = { dropout: 0.3, seed: 9, labelSmoothing: 0.1 };

for (const cell of CELLS) {
  const trial = makeAttentionTrial({
    ...{ ...SMALL_ATTENTION, cell, hiddenSize: { lstm: 50, gru: 58, simple: 98 }[cell] },
    ...{ embeddingSize: 29, sourceVocabularySize: 40, targetVocabularySize: 35 },
    ...{ inputLength: 9, outputLength: 6 },
  });
  const examples = makePaddedExamples(trial.network, COUNT);

  /** Trains, measures, answers and decodes. */
  async function computeAll(threads: number): Promise<unknown> {
    using executor = await createCpuDevice({ threads }).load(trial.network, trial.values);
    using held = executor.hold(examples);
    using optimizer = executor.createOptimizer(ADAM);
    const plan = { examples: held, optimizer, order: ORDER, batchSize: BATCH };
    const figures = [
      await takeSteps(executor, { ...plan, regularization: REGULARIZATION }),
      await takeSteps(executor, { ...plan, step: 3 }),
    ];
    return {
      figures,
      state: await executor.readState(optimizer),
      gradient: await executor.differentiate(held, ORDER, { ...REGULARIZATION, step: 9 }),
      measured: await executor.measure(held, { from: 3, to: COUNT, answers: true }),
      answers: await executor.answer(examples.sources, { probabilities: true }),
      decoded: await decodeSome(executor, examples.sources),
    };
  }

  Deno.test(`attention of ${cell} gives the same bytes on 1, 2, 3 and 7 threads`, async () => {
    const expected = await computeAll(1);
    for (const threads of [2, 3, 7]) assertEquals(await computeAll(threads), expected);
  });
}
