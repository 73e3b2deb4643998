/**
 * Measures our training step on the CPU, and the read-back of its figures.
 *
 * `echo | deno run -A bench/step.ts --hidden-size 128 --batch-size 128` measures one round.
 *
 * @module
 */
import { createCpuDevice } from "../src/device/cpu/cpu_device.ts";
import { countModelParameters } from "../src/model/create_model.ts";
import { readStepOptions, serveRounds } from "./round.ts";
import { loadStepper } from "./steps.ts";
import { configureTask } from "./task.ts";

if (import.meta.main) {
  const options = readStepOptions(Deno.args, "bench/step.ts");
  const { threads, hiddenSize, digits } = options;
  using stepper = await loadStepper(createCpuDevice({ threads }), options);
  await serveRounds({
    peer: "carry",
    version: "",
    parameters: countModelParameters(configureTask(hiddenSize, digits)),
    step: async (): Promise<number> => (await stepper.take(1)).figures[0]!.loss,
  }, options);
}
