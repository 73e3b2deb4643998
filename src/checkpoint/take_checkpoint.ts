/** Takes a checkpoint of a training. It has its own file because reading and writing checkpoints needs no tfjs. @module */
import { readTensors } from "../model/read_tensors.ts";
import { type AdditionProblem, checkAddition } from "../problem/addition.ts";
import type { Training } from "../training/training.ts";
import { whenAtRest } from "../training/under_way.ts";
import { type Checkpoint, findNonFinite } from "./checkpoint.ts";
import { describeComputer } from "./trained_on.ts";

/**
 * Copies the state of a training from the device. If the training takes steps, it waits until they are done. The copy belongs to
 * no run (`runId` is null) until `saveToRun()` writes it into one.
 *
 * @throws {TypeError | RangeError} if the problem is not one of {@linkcode resolveAddition}
 * @throws {Error} if the training or its model was disposed of, or its backend is not in use
 * @throws {RangeError} if a step failed, or a value is not finite: such a state must not replace a usable one
 */
export async function takeCheckpoint(
  training: Training,
  problem: AdditionProblem,
): Promise<Checkpoint> {
  const saved = checkAddition(problem);
  const { progress } = await whenAtRest("save the training", training);
  const { model, optimizer, options } = training;
  const tensors = await readTensors([...model.parameters, ...optimizer.moments]); // all in one call, so that they belong to one step
  const parameters = tensors.slice(0, model.parameters.length);
  const moments = tensors.slice(model.parameters.length);
  const name = findNonFinite(tensors);
  if (name !== undefined) {
    throw new RangeError(
      `Cannot save the training: every value must be finite, but at step ${progress.step} "${name}" has a value that is not`,
    );
  }
  return {
    ...{
      runId: null,
      trainedOn: await describeComputer(),
      problem: saved,
      model: model.config,
      training: options,
      progress,
    },
    ...{ parameters, moments },
  };
}
