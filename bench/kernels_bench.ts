/**
 * The ladder of every compute kernel: tfjs's operations, the plain SIMD build, the relaxed build, and the relaxed build on all threads.
 *
 *   deno bench bench/kernels_bench.ts
 *
 * Every rung is proved equal to the first before it is timed. GFLOP/s are the GFLOP in a group's name divided by the time.
 *
 * @module
 */
import { assertClose } from "../tests/assert_close.ts";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../src/backend/backend.ts";
import { setThreads } from "../src/backend/threads.ts";
import { updateAdam } from "../src/ops/adam/adam.ts";
import { updateAdamReference } from "../src/ops/adam/adam_reference.ts";
import { dense } from "../src/ops/dense/dense.ts";
import { denseReference } from "../src/ops/dense/dense_reference.ts";
import { gru } from "../src/ops/gru/gru.ts";
import { gruReference } from "../src/ops/gru/gru_reference.ts";
import { type KernelBuild, useKernelBuild } from "../src/ops/kernels.ts";
import { lstm } from "../src/ops/lstm/lstm.ts";
import { lstmReference } from "../src/ops/lstm/lstm_reference.ts";
import { simpleRnn } from "../src/ops/simple_rnn/simple_rnn.ts";
import { simpleRnnReference } from "../src/ops/simple_rnn/simple_rnn_reference.ts";
import { softmaxCrossEntropy } from "../src/ops/softmax_cross_entropy/softmax_cross_entropy.ts";
import { softmaxCrossEntropyReference } from "../src/ops/softmax_cross_entropy/softmax_cross_entropy_reference.ts";
import { waveIndices, waveTensor } from "../tests/ops/waves.ts";
import { prepareStep, STEP_GFLOP } from "./notebook_step.ts";

await selectBackend("cpu");

/** The notebook's sizes. */
const [B, T, I, H, V] = [128, 7, 12, 128, 12];

interface Rung {
  readonly name: string;
  readonly build?: KernelBuild;
  readonly threads?: number;
}

const RUNGS: readonly Rung[] = [
  { name: "simd, 1 thread", build: "simd", threads: 1 },
  { name: "relaxed, 1 thread", build: "relaxed", threads: 1 },
  { name: "relaxed, all threads", build: "relaxed" },
];

function climb(rung: Rung): void {
  useKernelBuild(rung.build);
  setThreads(rung.threads);
}

/** Registers a group: the reference as its baseline, then every rung. Bodies return the results that must be equal. */
function ladder(group: string, reference: () => tf.Tensor[], kernel: () => tf.Tensor[]): void {
  const expected = read(reference);
  for (const rung of RUNGS) {
    climb(rung);
    read(kernel).forEach((values, i) =>
      assertClose(values, expected[i]!, `${group}, ${rung.name}, result ${i}`, {
        relative: 1e-3,
        absolute: 1e-4,
      })
    );
  }
  Deno.bench({
    name: "tfjs cpu",
    group,
    baseline: true,
    n: 5,
    warmup: 1,
    fn: () => tf.dispose(reference()),
  });
  for (const rung of RUNGS) {
    let current = false;
    Deno.bench({
      name: rung.name,
      group,
      fn: () => {
        if (!current) climb(rung);
        current = true;
        tf.dispose(kernel());
      },
    });
  }
}

function read(body: () => tf.Tensor[]): Float32Array[] {
  const results = body();
  const values = results.map((tensor) => tensor.dataSync() as Float32Array);
  tf.dispose(results);
  return values;
}

const indices = waveIndices([B, T], I);
for (
  const { name, gates, kernel, reference } of [
    { name: "lstm", gates: 4, kernel: lstm, reference: lstmReference },
    { name: "gru", gates: 3, kernel: gru, reference: gruReference },
    { name: "simple", gates: 1, kernel: simpleRnn, reference: simpleRnnReference },
  ]
) {
  const weights = {
    kernel: waveTensor<tf.Rank.R2>([I, gates * H], 1),
    recurrentKernel: waveTensor<tf.Rank.R2>([H, gates * H], 2, 0.05),
    bias: waveTensor<tf.Rank.R1>([gates * H], 3),
  };
  const dStates = waveTensor<tf.Rank.R3>([B, T, H], 4);
  const gflop = 2 * B * H * gates * H * (T - 1) / 1e9;
  const forward = (layer: typeof lstm) => (): tf.Tensor[] => [
    layer({ kind: "indices", indices }, weights),
  ];
  const both = (layer: typeof lstm) => (): tf.Tensor[] => {
    const run = (...[kernel, recurrentKernel, bias]: tf.Tensor[]): tf.Tensor =>
      layer(
        { kind: "indices", indices },
        { kernel, recurrentKernel, bias } as typeof weights,
      );
    return tf.valueAndGrads(run)(Object.values(weights), dStates).grads;
  };
  ladder(`${name} forward, ${gflop.toFixed(4)} GFLOP`, forward(reference), forward(kernel));
  ladder(`${name} and gradient, ${(3 * gflop).toFixed(4)} GFLOP`, both(reference), both(kernel));
}

for (
  const { name, T, V } of [
    { name: "dense", T: 4, V: 12 },
    { name: "product 128 × 128 × 512", T: 1, V: 4 * H }, // one time step of the recurrence
  ]
) {
  const states = waveTensor<tf.Rank.R3>([B, T, H], 5);
  const kernel = waveTensor<tf.Rank.R2>([H, V], 6);
  const bias = waveTensor<tf.Rank.R1>([V], 7);
  ladder(
    `${name}, ${(2 * B * T * H * V / 1e9).toFixed(4)} GFLOP`,
    () => [denseReference(states, kernel, bias)],
    () => [dense(states, kernel, bias)],
  );
}

const logits = waveTensor<tf.Rank.R3>([B, 4, V], 8, 5);
const targets = waveIndices([B, 4], V);
ladder(
  "softmax cross-entropy",
  () => [softmaxCrossEntropyReference(logits, targets)],
  () => [softmaxCrossEntropy(logits, targets)],
);

const ADAM = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const adam = (update: typeof updateAdam): () => tf.Tensor[] => {
  const gradient = waveTensor<tf.Rank.R2>([400, 513], 9);
  const [parameter, m, v] = [0, 0, 0].map(() => tf.variable(tf.zeros([400, 513])));
  const tensors = [{ parameter: parameter!, m: m!, v: v!, gradient }];
  return () => {
    update(tensors, { ...ADAM, step: 1, weightDecay: 0, clipNorm: 1 });
    return [];
  };
};
ladder("adam, 205,200 parameters, clipped", adam(updateAdamReference), adam(updateAdam));

const step = await prepareStep();
for (const rung of RUNGS) {
  let current = false;
  Deno.bench({
    name: rung.name,
    group: `training step, ${STEP_GFLOP.toFixed(4)} GFLOP`,
    baseline: rung.name.startsWith("simd"),
    fn: () => {
      if (!current) climb(rung);
      current = true;
      step();
    },
  });
}
