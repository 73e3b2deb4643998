import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { updateAdam } from "../../src/ops/adam/adam.ts";
import { updateAdamReference } from "../../src/ops/adam/adam_reference.ts";
import type { AdamUpdate } from "../../src/ops/adam/adam_update.ts";
import { assertClose } from "../assert_close.ts";
import { onCpu, readAll, testOnBackends } from "../backends.ts";
import { waveTensor } from "./waves.ts";

const UPDATE: AdamUpdate = {
  step: 1,
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  weightDecay: 0,
  clipNorm: 0,
};

/** A matrix of several chunks and an incomplete one; small matrices and vectors with even and odd sizes. */
const SHAPES = [[97, 101], [3, 4], [5], [1], [64, 64], [1, 7]];

/** Gives parameters and moments after some updates. */
async function evaluate(
  update: typeof updateAdam,
  settings: Partial<AdamUpdate>,
): Promise<Float32Array[]> {
  const variables = SHAPES.map((shape, i) => ({
    parameter: tf.variable(waveTensor(shape as [number, number], i)),
    m: tf.variable(tf.zeros(shape)),
    v: tf.variable(tf.zeros(shape)),
  }));
  for (let step = 1; step <= 3; step++) {
    tf.tidy(() =>
      update(
        variables.map((each, i) => ({
          ...each,
          gradient: waveTensor(SHAPES[i] as [number, number], 10 * step + i),
        })),
        { ...UPDATE, ...settings, step },
      )
    );
  }
  return await readAll(variables.flatMap(({ parameter, m, v }) => [parameter, m, v]));
}

for (
  const settings of [{}, { weightDecay: 0.1 }, { clipNorm: 0.5 }, { clipNorm: 1e9 }, {
    weightDecay: 0.01,
    clipNorm: 2,
  }]
) {
  testOnBackends(`updateAdam() equals its reference with ${JSON.stringify(settings)}`, async () => {
    const expected = await onCpu(() => evaluate(updateAdamReference, settings));
    (await evaluate(updateAdam, settings)).forEach((values, i) => {
      assertClose(
        values,
        expected[i]!,
        `${["parameter", "m", "v"][i % 3]} of ${SHAPES[(i / 3) | 0]}`,
      );
    });
  });
}

testOnBackends(
  "updateAdam() leaves a copy of a parameter, and an array read from it, as they were",
  async () => {
    const parameter = tf.variable(waveTensor([5, 3], 1));
    const [m, v] = [tf.variable(tf.zeros([5, 3])), tf.variable(tf.zeros([5, 3]))];
    const step = (): void =>
      tf.tidy(() => updateAdam([{ parameter, m, v, gradient: waveTensor([5, 3], 2) }], UPDATE));
    step();
    const array = await parameter.data();
    const before = Array.from(array);
    const copy = parameter.clone();
    step();
    assertEquals(Array.from(array), before);
    assertEquals(Array.from(await copy.data()), before);
    assertEquals(Array.from(await parameter.data()).every((value, i) => value !== before[i]), true);
    tf.dispose([parameter, m, v, copy]);
  },
);
