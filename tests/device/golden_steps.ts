/** Takes the steps of golden values, and compares. @module */
import { assertEquals } from "@std/assert";
import type { Examples, Executor, Regularization } from "../../src/device/executor.ts";
import { assertClose } from "../assert_close.ts";
import type { GoldenVector } from "../golden_vector.ts";
import { takeSteps } from "./trial.ts";

/** Takes five steps of Adam with all examples, and compares losses and weights with the golden ones. */
export async function assertGoldenSteps(
  executor: Executor,
  examples: Examples,
  { adam }: Pick<GoldenVector, "adam">,
  regularization?: Regularization,
): Promise<void> {
  const { learningRate, beta1, beta2, epsilon, lossBeforeStep, weightsAfter5Steps } = adam;
  const rates = { beta1, beta2, epsilon, weightDecay: 0, clipNorm: 0 };
  const once = Array.from({ length: examples.count }, (_, i) => i);
  using held = executor.hold(examples);
  using optimizer = executor.createOptimizer({ name: "adam", ...rates });
  const figures = await takeSteps(executor, {
    ...{ examples: held, optimizer, learningRate: () => learningRate },
    ...(regularization && { regularization }),
    order: Uint32Array.from(new Array(5).fill(once).flat()),
    batchSize: examples.count,
  });
  assertClose(figures.map(({ loss }) => loss), lossBeforeStep, "loss before each step");
  const state = await executor.readState();
  assertEquals(state.length, weightsAfter5Steps.length);
  state.forEach(({ name, values }, i) => assertClose(values, weightsAfter5Steps[i]!, name));
}
