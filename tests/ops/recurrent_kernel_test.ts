import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../src/backend/backend.ts";
import { gru } from "../../src/ops/gru/gru.ts";
import { gruReference } from "../../src/ops/gru/gru_reference.ts";
import { lstm } from "../../src/ops/lstm/lstm.ts";
import { lstmReference } from "../../src/ops/lstm/lstm_reference.ts";
import type {
  RecurrentInput,
  RecurrentWeights,
  StatesWanted,
} from "../../src/ops/recurrent/recurrent_input.ts";
import { simpleRnn } from "../../src/ops/simple_rnn/simple_rnn.ts";
import { simpleRnnReference } from "../../src/ops/simple_rnn/simple_rnn_reference.ts";
import { assertClose } from "../assert_close.ts";
import { computeAndDiscard, expectOnce, readAll, testOnBackends } from "../backends.ts";
import { spoilFreeMemory, waveIndices, waveTensor } from "./waves.ts";

const TOLERANCE = { relative: 1e-4, absolute: 1e-5 };

const CELLS = [
  { name: "lstm", gates: 4, kernel: lstm, reference: lstmReference },
  { name: "gru", gates: 3, kernel: gru, reference: gruReference },
  { name: "simpleRnn", gates: 1, kernel: simpleRnn, reference: simpleRnnReference },
];

const KINDS: readonly RecurrentInput["kind"][] = ["indices", "repeated", "sequence"];

/** The tile is 8 examples by 4 columns. Sizes are equal to it, below, above, not a multiple of it, and 1. */
const SIZES = [
  { B: 8, T: 3, I: 4, H: 4 },
  { B: 8, T: 4, I: 8, H: 16 },
  { B: 7, T: 2, I: 3, H: 3 },
  { B: 9, T: 3, I: 5, H: 5 },
  { B: 1, T: 1, I: 1, H: 1 },
  { B: 1, T: 5, I: 12, H: 2 },
  { B: 13, T: 7, I: 11, H: 7 },
  { B: 17, T: 1, I: 2, H: 19 },
  { B: 75, T: 9, I: 37, H: 10 },
  { B: 16, T: 2, I: 7, H: 5 }, // from here on the first time step of indices is computed once per character
  { B: 67, T: 4, I: 10, H: 9 },
];

type Size = typeof SIZES[number];
type Layer = typeof lstm;

interface Case {
  readonly kind: RecurrentInput["kind"];
  readonly wanted: StatesWanted;
  readonly size: Size;
  readonly gates: number;
}

/** Gives the states, and gradients of a weighted sum of them by kernel, recurrent kernel, bias and input. */
async function evaluate(layer: Layer, problem: Case): Promise<Float32Array[]> {
  computeAndDiscard(compute(layer, problem, NaN)); // fills free memory with NaN, so that a read before a write shows
  return await readAll(compute(layer, problem, 1));
}

function compute(
  layer: Layer,
  { kind, wanted, size, gates }: Case,
  factor: number,
): tf.Tensor[] {
  const { B, T, H } = size;
  const I = kind === "indices" ? size.I + 1 : size.I; // tfjs has no one-hot vector of one element
  return tf.tidy(() => {
    const kernel: tf.Tensor2D = tf.mul(waveTensor<tf.Rank.R2>([I, gates * H], 1), factor);
    const recurrentKernel = waveTensor<tf.Rank.R2>([H, gates * H], 2, Math.min(0.5, 8 / H));
    const bias = waveTensor<tf.Rank.R1>([gates * H], 3);
    const indices = waveIndices([B, T], I);
    const x = kind === "sequence" ? waveTensor([B, T, I], 4) : waveTensor([B, I], 4);
    const dStates = waveTensor<tf.Rank.R3>([B, wanted === "last" ? 1 : T, H], 5);
    const run = (...values: tf.Tensor[]): tf.Tensor3D => {
      const weights = {
        kernel: values[0],
        recurrentKernel: values[1],
        bias: values[2],
      } as RecurrentWeights;
      const input: RecurrentInput = kind === "indices"
        ? { kind, indices }
        : kind === "repeated"
        ? { kind, vector: values[3] as tf.Tensor2D, timeSteps: T }
        : { kind, sequence: values[3] as tf.Tensor3D };
      return layer(input, weights, wanted);
    };
    const parameters = [kernel, recurrentKernel, bias, ...(kind === "indices" ? [] : [x])];
    spoilFreeMemory();
    const { value, grads } = tf.valueAndGrads(run)(parameters, dStates);
    return [run(...parameters), value, ...grads];
  });
}

for (const { name, gates, kernel, reference } of CELLS) {
  const expect = expectOnce((problem: Case) => compute(reference, problem, 1));
  for (const kind of KINDS) {
    for (const wanted of ["every", "last"] as const) {
      testOnBackends(
        `${name}() equals its reference for ${kind} input and ${wanted} states`,
        async () => {
          for (const size of SIZES) {
            const problem = { kind, wanted, size, gates };
            const expected = await expect(problem);
            const found = await evaluate(kernel, problem);
            assertEquals(found.length, expected.length);
            const names = [
              "states",
              "states on tape",
              "dKernel",
              "dRecurrentKernel",
              "dBias",
              "dx",
            ];
            found.forEach((values, i) => {
              const what = `${names[i]} at ${JSON.stringify(size)}`;
              assertClose(values, expected[i]!, what, TOLERANCE);
            });
          }
        },
      );
    }
  }
}

for (const { name, gates, kernel, reference } of CELLS) {
  const expect = expectOnce((problem: Case) => compute(reference, problem, 1));
  testOnBackends(
    `${name}() equals its reference if depth and weights are larger than the cache blocks`,
    async () => {
      const size = { B: 11, T: 3, I: 9, H: name === "simpleRnn" ? 530 : 302 };
      const problem = { kind: "indices", wanted: "every", size, gates } as const;
      const expected = await expect(problem);
      (await evaluate(kernel, problem)).forEach((values, i) => {
        assertClose(values, expected[i]!, `result ${i}`, TOLERANCE);
      });
    },
  );
}

function weightsOf(I: number, H: number, width: number): RecurrentWeights {
  return {
    kernel: waveTensor([I, width], 1),
    recurrentKernel: waveTensor([H, width], 2),
    bias: waveTensor([width], 3),
  };
}

Deno.test("lstm() refuses weights whose shapes disagree", async () => {
  await selectBackend("cpu");
  tf.tidy(() => {
    const input = {
      kind: "repeated",
      vector: waveTensor<tf.Rank.R2>([2, 3], 4),
      timeSteps: 2,
    } as const;
    assertThrows(() => lstm(input, weightsOf(3, 4, 12)), TypeError, "must have the shapes (4, 16)");
    assertThrows(() => lstm(input, weightsOf(5, 4, 16)), TypeError, "must have 5 features");
  });
});

testOnBackends("lstm() refuses an index that is not below the input size", async () => {
  await tf.ready();
  tf.tidy(() => {
    const input = { kind: "indices", indices: tf.tensor2d([[0, 3]], [1, 2], "int32") } as const;
    assertThrows(() => lstm(input, weightsOf(3, 4, 16)), RangeError, "but one is 3");
  });
});
