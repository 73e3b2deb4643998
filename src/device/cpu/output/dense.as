/** The dense layer at every time step of some panels, forward and backward. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { lanesToPanels8 } from "../matmul/transpose";
import { fillLanes } from "../recurrent/project";
import { OutputArgs } from "../structs";

/** logits = h W + b. The panels lie `stride` bytes apart. */
export function denseForward(args: OutputArgs, work: usize, stride: usize, panels: i32): void {
  for (let t = 0; t < args.steps; t++) denseForwardStep(args, work, stride, panels, t);
}

/** One time step of `denseForward`. */
export function denseForwardStep(args: OutputArgs, work: usize, stride: usize, panels: i32, step: i32): void {
  const x = work + args.inputs + <usize>step * args.inputStep, y = work + args.logits + <usize>step * args.logitStep;
  for (let p = 0; p < panels; p++) fillLanes(y + <usize>p * stride, args.bias, args.classes);
  multiplyLanes(x, stride, args.packedKernel, y, stride, panels, args.inputSize, args.classes, 1);
}

/** dh = dLogits Wᵀ; writes dLogits for the gradient of the weights. */
export function denseBackward(args: OutputArgs, work: usize, stride: usize, first: i32, panels: i32): void {
  for (let t = 0; t < args.steps; t++) {
    for (let p = 0; p < panels; p++) {
      emitLogits(args, work + <usize>p * stride, t, <usize>t * <usize>args.rows + <usize>((first + p) << 3));
    }
    denseBackwardStep(args, work, stride, panels, t);
  }
}

/** Writes dLogits of one time step for the gradient of the weights, from a row on. */
export function emitLogits(args: OutputArgs, work: usize, step: i32, row: usize): void {
  const dy = work + args.logits + <usize>step * args.logitStep;
  lanesToPanels8(dy, args.classes, args.dPanels + (row << 5), args.dPanelStride);
}

/** One time step of `dh = dLogits Wᵀ`. */
export function denseBackwardStep(args: OutputArgs, work: usize, stride: usize, panels: i32, step: i32): void {
  const dx = work + args.dInputs + <usize>step * args.dInputStep, dy = work + args.logits + <usize>step * args.logitStep;
  multiplyLanes(dy, stride, args.transposedKernel, dx, stride, panels, args.classes, args.inputSize, 0);
}
