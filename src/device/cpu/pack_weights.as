/** Packs all parameters, after they were written. */
import { partOf } from "./adam";
import { packRows } from "./matmul/pack";
import { PackArgs } from "./structs";

/** A task is some rows of one part of a parameter. */
export function packWeights(args: PackArgs, task: i32, self: i32): void {
  const part = partOf(args.parts, task), first = (task - part.firstTask) * part.taskRows;
  packRows(part, first, min(first + part.taskRows, part.rows));
}
