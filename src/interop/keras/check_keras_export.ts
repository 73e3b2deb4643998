/** Checks what is to be exported for Keras. @module */
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { ModelConfig } from "../../network/config.ts";
import { type NamedTensor, parameterShapes } from "../../network/parameters.ts";
import { checkOptimizerState } from "../../training/restore_optimizer.ts";
import { checkExported, checkTrained, type ExportedModel, restate } from "../check_exported.ts";

/** What fails if the arguments are wrong. */
export const ACTION = "export the model to Keras";

/** Largest file whose weights a zip file can hold without the extension Zip64: its fields have 32 bits. */
const MAX_BYTES = 2 ** 32 - 2 ** 20;

/** What a Keras file holds of a checkpoint. */
export type KerasExport = ExportedModel & Pick<Checkpoint, "training" | "progress" | "moments">;

/**
 * Checks that a checkpoint can become a Keras file.
 *
 * @param optimizer whether its optimiser's state is written too
 * @throws {TypeError | RangeError} with the first fault
 */
export function checkKerasExport(checkpoint: Checkpoint, optimizer: boolean): KerasExport {
  const exported = checkExported(ACTION, checkpoint);
  const { training, progress } = checkTrained(ACTION, checkpoint);
  checkHolds(exported, optimizer);
  if (optimizer) checkMoments(exported.model, checkpoint.moments);
  return { ...exported, training, progress, moments: checkpoint.moments };
}

/** Refuses what no Keras file can hold. */
function checkHolds({ model, parameters }: ExportedModel, optimizer: boolean): void {
  const { source } = model;
  const padding = source.padding === null ? 0 : source.symbols.indexOf(source.padding);
  if (model.decoder === "attention" && padding !== 0) {
    throw new RangeError(
      `Cannot ${ACTION}: the padding of its sources must be the first symbol, because Keras masks index 0, but has index ${padding}; ONNX can hold it`,
    );
  }
  const count = parameters.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = count * Float32Array.BYTES_PER_ELEMENT * (optimizer ? 3 : 1);
  if (bytes <= MAX_BYTES) return;
  throw new RangeError(
    `Cannot ${ACTION}: the file must be below 4 GiB, but its numbers alone have ${bytes} bytes; safetensors holds them`,
  );
}

function checkMoments(model: ModelConfig, moments: readonly NamedTensor[]): void {
  if (Array.isArray(moments) && moments.length === 0) {
    throw new RangeError(
      "Cannot export the optimiser's state: the checkpoint must have Adam's moments, but has none",
    );
  }
  restate(ACTION, () => checkOptimizerState({ parameters: parameterShapes(model) }, moments));
}
