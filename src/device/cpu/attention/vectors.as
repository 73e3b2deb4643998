/** The vectors between layers: looked up, dropped, and kept for the gradients of weights. */
import { gatherToLanes, lanesToPanels4, lanesToPanels8 } from "../matmul/transpose";
import { rowOfCharacter } from "../recurrent/project";
import { AttentionRowsArgs, PanelSpanArgs, VectorArgs } from "../structs";
import { dropLanes } from "./dropout";

@inline
export function vectorsOf(list: usize, index: i32): VectorArgs {
  return changetype<VectorArgs>(list + <usize>index * offsetof<VectorArgs>());
}

@inline
export function outputsAt(vectors: VectorArgs, work: usize, step: i32): usize {
  return work + vectors.outputs + <usize>step * vectors.outputStep;
}

@inline
export function dOutputsAt(vectors: VectorArgs, work: usize, step: i32): usize {
  return work + vectors.dOutputs + <usize>step * vectors.dOutputStep;
}

/** Looks up the vectors of 8 symbols. */
export function lookUp(vectors: VectorArgs, work: usize, step: i32, symbols: usize): void {
  const row = <usize>vectors.size << 2, table = vectors.table, to = outputsAt(vectors, work, step);
  for (let half: usize = 0; half < 8; half += 4) {
    const at = symbols + half;
    gatherToLanes(
      rowOfCharacter(table, row, at), rowOfCharacter(table, row, at + 1), rowOfCharacter(table, row, at + 2),
      rowOfCharacter(table, row, at + 3), 4, vectors.size, to + (half << 2),
    );
  }
}

/** Whether some values are dropped. */
@inline
export function isDropped(args: AttentionRowsArgs, vectors: VectorArgs): bool {
  return args.threshold != 0 && vectors.site >= 0;
}

/** Makes the outputs of a time step from the vectors at `from`. @param t the position, by which dropout knows it */
@inline
export function dropVectors(args: AttentionRowsArgs, vectors: VectorArgs, work: usize, from: usize, step: i32, t: i32): void {
  if (!isDropped(args, vectors)) return;
  dropLanes(args, from, outputsAt(vectors, work, step), vectors.size, work + args.lanes + 32, vectors.site, t);
}

/** Takes a gradient of the outputs of a time step back to that of the vectors before dropout, in its place. */
@inline
export function dropGradient(args: AttentionRowsArgs, vectors: VectorArgs, work: usize, gradient: usize, t: i32): void {
  if (!isDropped(args, vectors)) return;
  dropLanes(args, gradient, gradient, vectors.size, work + args.lanes + 32, vectors.site, t);
}

/** Writes the outputs of a time step for the gradients of weights, from a row on; a negative row has no place. */
export function emitVectors(vectors: VectorArgs, work: usize, step: i32, row: i32): void {
  if (row < 0 || vectors.panels == 0) return;
  lanesToPanels4(outputsAt(vectors, work, step), vectors.size, vectors.panels + (<usize>row << 4), vectors.panelStride);
}

/** Writes the gradient of looked-up vectors, and the symbols. */
export function emitLookUp(vectors: VectorArgs, gradient: usize, symbols: usize, row: i32): void {
  if (row < 0) return;
  lanesToPanels8(gradient, vectors.size, vectors.dPanels + (<usize>row << 5), vectors.dPanelStride);
  store<u64>(vectors.symbols + <usize>row, load<u64>(symbols));
}

@inline
export function spanOf(args: AttentionRowsArgs, panel: i32): PanelSpanArgs {
  return changetype<PanelSpanArgs>(args.spans + <usize>panel * offsetof<PanelSpanArgs>());
}

/** The first panel of a task. */
@inline
export function firstPanelOf(args: AttentionRowsArgs, task: i32): i32 {
  const groups = args.spans + <usize>((args.examples + 7) >> 3) * offsetof<PanelSpanArgs>();
  return <i32>load<u32>(groups + (<usize>task << 2)) * args.group;
}

/** Row of a panel's position in the panels for the gradients of weights; -1 if the panel itself does not need it. */
@inline
export function sourceRow(args: AttentionRowsArgs, panel: i32, step: i32): i32 {
  const span = spanOf(args, panel), own = step - span.skipped;
  return own >= 0 && own < span.ownSteps ? span.row + (own << 3) : -1;
}

/** The same for a time step of the targets. */
@inline
export function targetRow(args: AttentionRowsArgs, panel: i32, step: i32): i32 {
  const span = spanOf(args, panel);
  return step < span.ownTargetSteps ? span.targetRow + (step << 3) : -1;
}
