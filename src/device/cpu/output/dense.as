/** The dense layer at every time step of some panels, forward and backward. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { lanesToPanels8 } from "../matmul/transpose";
import { fillLanes } from "../recurrent/project";
import { OutputArgs } from "../structs";

/** logits = h W + b. The panels lie `stride` bytes apart. */
export function denseForward(args: OutputArgs, work: usize, stride: usize, panels: i32): void {
  for (let t = 0; t < args.steps; t++) {
    const x = work + args.inputs + <usize>t * args.inputStep, y = work + args.logits + <usize>t * args.logitStep;
    for (let p = 0; p < panels; p++) fillLanes(y + <usize>p * stride, args.bias, args.classes);
    multiplyLanes(x, stride, args.packedKernel, y, stride, panels, args.inputSize, args.classes, 1);
  }
}

/** dh = dLogits Wᵀ; writes dLogits for the gradient of the weights. */
export function denseBackward(args: OutputArgs, work: usize, stride: usize, first: i32, panels: i32): void {
  for (let t = 0; t < args.steps; t++) {
    const dx = work + args.dInputs + <usize>t * args.dInputStep, dy = work + args.logits + <usize>t * args.logitStep;
    for (let p = 0; p < panels; p++) {
      const row = <usize>t * <usize>args.rows + <usize>((first + p) << 3);
      lanesToPanels8(dy + <usize>p * stride, args.classes, args.dPanels + (row << 5), args.dPanelStride);
    }
    multiplyLanes(dy, stride, args.transposedKernel, dx, stride, panels, args.classes, args.inputSize, 0);
  }
}
