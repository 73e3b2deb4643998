/**
 * The task of every competitor: the notebook's model, one batch, and the same first weights.
 *
 * peers/peer.py makes the same numbers, so the losses of the first steps must agree before a time counts.
 *
 * @module
 */
import { characterLayout } from "../src/codec/layout.ts";
import { createTextCodec } from "../src/codec/text_codec.ts";
import type { Examples } from "../src/device/executor.ts";
import type { OptimizerSettings } from "../src/device/optimizer.ts";
import { checkModelConfig, type ModelConfig } from "../src/network/config.ts";
import { describeLayers, type ParameterShape } from "../src/network/layers.ts";
import type { NamedTensor } from "../src/network/parameters.ts";
import { ADDITION_CHARACTERS } from "../src/problem/addition.ts";

/** The learning rate of the notebook. */
export const NOTEBOOK_RATE = 1e-3;

/** Adam as in the notebook. */
export const NOTEBOOK_ADAM: OptimizerSettings = {
  name: "adam",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  weightDecay: 0,
  clipNorm: 0,
};

/** Makes the configuration of the notebook's model with a hidden size. */
export function configureTask(hiddenSize: number, digits = 3): ModelConfig {
  return checkModelConfig({
    cell: "lstm",
    hiddenSize,
    layers: 1,
    ...characterLayout(ADDITION_CHARACTERS, {
      inputLength: 2 * digits + 1,
      outputLength: digits + 1,
      reverse: true,
    }),
  });
}

/** Makes the examples of the batch: additions by a formula. */
export function makeBatch(config: ModelConfig, batchSize: number): Examples {
  const [source, target] = [createTextCodec(config.source), createTextCodec(config.target)];
  const { length: inputLength } = source;
  const { length: outputLength } = target;
  const operands = 10 ** (outputLength - 1);
  const sources = new Uint8Array(batchSize * inputLength);
  const targets = new Uint8Array(batchSize * outputLength);
  for (let i = 0; i < batchSize; i++) {
    const [a, b] = [(7919 * i + 13) % operands, (10477 * i + 7) % operands];
    source.write(`${a}+${b}`, sources, i * inputLength);
    target.write(String(a + b), targets, i * outputLength);
  }
  return { count: batchSize, sources, targets };
}

/** Makes the first weights, by a formula: Glorot's range for matrices, 1 for the forget gates, 0 for other biases. */
export function makeFirstWeights(config: ModelConfig): NamedTensor[] {
  const shapes = describeLayers(config).flatMap(({ parameters }) => parameters);
  return shapes.map(makeFirstWeight);
}

/**
 * Counts the necessary arithmetic of a step, in floating-point operations.
 *
 * Only products count, with a multiplication and an addition per element: h U for every time step of a layer except the first, the
 * decoder's repeated input once, the dense layer once; each counts twice more for its gradients. A one-hot input needs no product,
 * and after the encoder's first time step there are only as many different rows as characters.
 */
export function countStepFlops(config: ModelConfig, batchSize: number): number {
  const { hiddenSize: H, source, target } = config;
  const { length: inputLength } = source;
  const { length: outputLength, symbols: { length: V } } = target;
  const rows = Math.min(V, batchSize) + batchSize * (inputLength - 2 + outputLength - 1 + 1);
  const recurrent = 2 * rows * H * 4 * H;
  const dense = 2 * batchSize * outputLength * H * V;
  return 3 * (recurrent + dense);
}

function makeFirstWeight({ name, shape }: ParameterShape, k: number): NamedTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  if (shape.length === 1) {
    const values = new Float32Array(size);
    if (name.startsWith("lstm")) values.fill(1, size / 4, size / 2);
    return { name, shape, values };
  }
  const limit = Math.sqrt(6 / (shape[0]! + shape[1]!));
  const values = Float32Array.from(
    { length: size },
    (_, n) => limit * (mix((k << 24) + n + 1) / 2 ** 31 - 1),
  );
  return { name, shape, values };
}

/** Wellons' lowbias32: a 32-bit hash. */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
