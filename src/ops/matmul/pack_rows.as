/** Packs the rows of an activation for a weight gradient, which is a product over the rows. A task is one panel. */
import { maskFirst } from "./transpose";

@unmanaged
class PackRowsArgs {
  /** Row (b, t) lies at from + b · batchStride + t · stepStride. */
  from: usize;
  batchStride: usize;
  stepStride: usize;
  /** (ceil(features / width), steps, paddedBatch, width); rows past the batch are zeros. */
  to: usize;
  /** Bytes from panel to panel. */
  panelStride: usize;
  steps: i32;
  batch: i32;
  paddedBatch: i32;
  features: i32;
  /** Features per panel: 4 or 8. */
  width: i32;
}

export function packRows(args: PackRowsArgs, task: i32): void {
  const rowBytes = <usize>args.width << 2;
  const feature = task * args.width;
  const low = maskFirst(args.features - feature), high = maskFirst(args.features - feature - 4);
  let to = args.to + <usize>task * args.panelStride;
  for (let t = 0; t < args.steps; t++) {
    let from = args.from + <usize>t * args.stepStride + (<usize>feature << 2);
    for (let b = 0; b < args.paddedBatch; b++) {
      const present = b < args.batch;
      v128.store(to, present ? v128.and(v128.load(from), low) : f32x4.splat(0));
      if (args.width == 8) v128.store(to + 16, present ? v128.and(v128.load(from + 16), high) : f32x4.splat(0));
      to += rowBytes;
      from += args.batchStride;
    }
  }
}
