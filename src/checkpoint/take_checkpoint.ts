/** Takes a checkpoint of a training. It has its own file because reading and writing checkpoints needs no device. @module */
import type { ProblemSettings } from "../problem/problem.ts";
import { resolveProblem } from "../problem/registry.ts";
import type { Training } from "../training/training.ts";
import { whenAtRest } from "../training/under_way.ts";
import { type Checkpoint, findNonFinite } from "./checkpoint.ts";
import { describeComputer } from "./trained_on.ts";

const ACTION = "save the training";

/**
 * Copies the state of a training from the device. If the training takes steps, it waits until they are done. The copy belongs to
 * no run (`runId` is null) until `saveToRun()` writes it into one.
 *
 * @throws {TypeError | RangeError} if the problem's settings are not possible
 * @throws {Error} if the training or its model was disposed of, or if the device was lost or failed
 * @throws {RangeError} if a step failed, or a value is not finite: such a state must not replace a usable one
 */
export async function takeCheckpoint(
  training: Training,
  problem: ProblemSettings,
): Promise<Checkpoint> {
  const saved = resolveProblem(problem);
  const { progress, reading } = await whenAtRest(ACTION, training, ({ progress }) => ({
    progress,
    reading: training.model.executor.readState(training.optimizer), // it begins at once, so that all tensors are of this step
  }));
  const { model: { config, executor }, options } = training;
  const tensors = (await reading).map(({ name, shape, values }) => ({
    ...{ name, shape: [...shape], values }, // the network keeps its shapes
  }));
  const count = executor.network.parameters.length;
  const [parameters, moments] = [tensors.slice(0, count), tensors.slice(count)];
  const name = findNonFinite(tensors);
  if (name !== undefined) {
    throw new RangeError(
      `Cannot save the training: every value must be finite, but at step ${progress.step} "${name}" has a value that is not`,
    );
  }
  return {
    ...{
      runId: null,
      trainedOn: describeComputer(executor.report),
      problem: saved,
      model: config,
      training: options,
      progress,
    },
    ...{ parameters, moments },
  };
}
