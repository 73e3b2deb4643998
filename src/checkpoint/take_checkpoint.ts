/** From a training to its checkpoint. A file of its own: reading and writing checkpoints needs no tfjs. @module */
import { readTensors } from "../model/model.ts";
import type { AdditionProblem } from "../problem/addition.ts";
import type { Training } from "../training/training.ts";
import { type Checkpoint, findNonFinite } from "./checkpoint.ts";

/**
 * Copies the state of a training from the device. Call it between two events of `train()`. The copy belongs to no run
 * (`runId` is null) until `saveToRun()` writes it into one.
 *
 * @throws {RangeError} if a value is not finite: such a state is of no use, and must not replace one that is
 */
export async function takeCheckpoint(
  training: Training,
  problem: AdditionProblem,
): Promise<Checkpoint> {
  const { model, optimizer, options, progress } = training;
  const parameters = await readTensors(model.parameters);
  const moments = await readTensors(optimizer.moments);
  const name = findNonFinite([...parameters, ...moments]);
  if (name !== undefined) {
    throw new RangeError(
      `Cannot save the training: every value must be finite, but "${name}" has one that is not, at step ${progress.step}`,
    );
  }
  return {
    ...{ runId: null, problem, model: model.config, training: options, progress },
    ...{ parameters, moments },
  };
}
