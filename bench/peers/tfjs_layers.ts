/**
 * The notebook's model as a tfjs LayersModel, as a user of tfjs would write it.
 *
 * `--backend cpu | wasm | wasm-repaired`. The last is `wasm` with transposed products repaired: its BatchMatMul is fast
 * only if neither side is transposed, so both are transposed first.
 *
 * The first weights are set afterwards, so the initialisers are the fastest ones: tfjs's default, orthogonal, takes half a minute.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { readStepOptions, serveRounds } from "../round.ts";
import {
  configureTask,
  makeBatch,
  makeFirstWeights,
  NOTEBOOK_ADAM,
  NOTEBOOK_RATE,
} from "../task.ts";
import type { ModelConfig } from "../../src/network/config.ts";

if (import.meta.main) {
  const options = readStepOptions(Deno.args, "bench/peers/tfjs_layers.ts");
  const config = configureTask(options.hiddenSize, options.digits);
  await startBackend(options.backend);
  const model = createLayersModel(config);
  const batch = makeBatch(config, options.batchSize);
  const { source: { length: inputLength }, target: { length: outputLength, symbols } } = config;
  const V = symbols.length;
  const [x, y] = tf.tidy(() => [
    tf.oneHot(tf.tensor2d(batch.sources, [batch.count, inputLength], "int32"), V).toFloat(),
    tf.oneHot(tf.tensor2d(batch.targets, [batch.count, outputLength], "int32"), V).toFloat(),
  ]);
  await serveRounds({
    peer: `tfjs layers ${options.backend}`,
    version: tf.version["tfjs-layers"],
    parameters: model.countParams(),
    step: async (): Promise<number> => await model.trainOnBatch(x!, y!) as number,
  }, options);
}

/** Starts a backend; tfjs reports a failure as false. @throws {Error} if it does not start */
async function startBackend(name: string): Promise<void> {
  if (!["cpu", "wasm", "wasm-repaired"].includes(name)) {
    throw new RangeError(
      `Cannot start tfjs: the backend must be cpu, wasm or wasm-repaired, but is "${name}"`,
    );
  }
  tf.enableProdMode();
  const backend = name === "cpu" ? "cpu" : "wasm";
  if (!await tf.setBackend(backend)) throw new Error(`Cannot start tfjs: ${backend} failed`);
  if (name === "wasm-repaired") repairTransposedProducts();
}

/** Makes the notebook's model in tfjs's layers. */
export function createLayersModel({ hiddenSize: units, ...config }: ModelConfig): tf.LayersModel {
  const cell = {
    units,
    recurrentActivation: "sigmoid",
    recurrentInitializer: "glorotUniform",
  } as const;
  const { source, target } = config;
  const V = target.symbols.length;
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({ ...cell, inputShape: [source.length, source.symbols.length] }),
      tf.layers.repeatVector({ n: target.length }),
      tf.layers.lstm({ ...cell, returnSequences: true }),
      tf.layers.dense({ units: V, activation: "softmax" }),
    ],
  });
  const weights = makeFirstWeights({ ...config, hiddenSize: units });
  model.setWeights(weights.map(({ values, shape }) => tf.tensor(values, [...shape])));
  const { beta1, beta2, epsilon } = NOTEBOOK_ADAM;
  model.compile({
    loss: "categoricalCrossentropy",
    optimizer: tf.train.adam(NOTEBOOK_RATE, beta1, beta2, epsilon),
  });
  return model;
}

/** Replaces `wasm`'s BatchMatMul: transposes first, then multiplies. */
function repairTransposedProducts(): void {
  const multiply = tf.getKernel("BatchMatMul", "wasm").kernelFunc;
  const transpose = tf.getKernel("Transpose", "wasm").kernelFunc;
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel({
    kernelName: "BatchMatMul",
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }): tf.TensorInfo => {
      const made: tf.TensorInfo[] = [];
      const straighten = (x: tf.TensorInfo, transposed: unknown): tf.TensorInfo => {
        if (transposed !== true) return x;
        const axes = x.shape.map((_, axis) => axis);
        const perm = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
        const result = transpose({ inputs: { x }, backend, attrs: { perm } }) as tf.TensorInfo;
        made.push(result);
        return result;
      };
      const a = straighten(inputs["a"] as tf.TensorInfo, attrs?.["transposeA"]);
      const b = straighten(inputs["b"] as tf.TensorInfo, attrs?.["transposeB"]);
      const product = multiply({
        inputs: { a, b },
        backend,
        attrs: { transposeA: false, transposeB: false },
      }) as tf.TensorInfo;
      for (const { dataId } of made) (backend as tf.KernelBackend).disposeData(dataId);
      return product;
    },
  });
}
