/** Counts the memory and the arithmetic of a recurrent layer, without running it. @module */
import type { LayerBytes } from "../layer_bytes.ts";
import { scratchLayout } from "./recurrent_backward.ts";
import { keptLayout } from "./recurrent_buffers.ts";
import {
  firstStepLayout,
  firstStepRows,
  firstStepScratch,
  sharesFirstStep,
} from "./recurrent_first_step.ts";
import { packedLayout } from "./recurrent_forward.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";

/** Counts the bytes of a layer. `keep` says whether a gradient will be computed. */
export function recurrentBytes(shape: RecurrentShape, keep: boolean): LayerBytes {
  const kept = keptLayout(shape, keep).sizeBytes + firstStepLayout(shape, keep).sizeBytes;
  const packed = packedLayout(shape).sizeBytes;
  return {
    kept: keep ? kept : 0,
    forward: keep ? packed : packed + kept,
    backward: keep ? scratchLayout(shape).sizeBytes + firstStepScratch(shape).sizeBytes : 0,
  };
}

/**
 * Counts the multiply-adds of a forward pass. The first time step has no states to multiply. If it is computed once for every
 * character, the product of its states in the second time step is too.
 */
export function recurrentMultiplyAdds(shape: RecurrentShape): number {
  const { kind, steps, inputSize, hidden, width, panels } = shape;
  const rows = 8 * panels;
  const stateRows = sharesFirstStep(shape)
    ? rows * (steps - 2) + firstStepRows(shape)
    : rows * (steps - 1);
  const inputRows = rows * { indices: 0, repeated: 1, sequence: steps }[kind];
  return width * (stateRows * hidden + inputRows * inputSize);
}
