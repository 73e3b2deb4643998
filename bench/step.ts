/**
 * Measures our training step: forward, backward, Adam, and the read-back of its figures.
 *
 * `echo | deno run -A bench/step.ts --hidden-size 128 --batch-size 128` measures one round.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../src/backend/backend.ts";
import { setThreads } from "../src/backend/threads.ts";
import { countModelParameters, createModel } from "../src/model/create_model.ts";
import { createOptimizer, readFigures, takeStep } from "../src/training/optimizer.ts";
import { readStepOptions, serveRounds } from "./round.ts";
import { configureTask, makeBatch, makeFirstWeights, NOTEBOOK_UPDATE } from "./task.ts";

if (import.meta.main) {
  const options = readStepOptions(Deno.args, "bench/step.ts");
  const config = configureTask(options.hiddenSize, options.digits);
  await selectBackend("cpu");
  setThreads(options.threads);
  using model = await createModel(config, { parameters: makeFirstWeights(config) });
  using optimizer = createOptimizer(model);
  const batch = makeBatch(config, options.batchSize);
  let step = 0;
  await serveRounds({
    peer: "carry",
    version: `tfjs ${tf.version["tfjs-core"]}`,
    parameters: countModelParameters(config),
    async step(): Promise<number> {
      step++;
      const figures = takeStep(model, optimizer, batch, { ...NOTEBOOK_UPDATE, step });
      return (await readFigures(figures)).loss;
    },
  }, options);
}
