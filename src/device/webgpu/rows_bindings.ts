/** The buffers of a pass over rows. @module */
import type { Binding } from "./shader.ts";

/** What a pass reads and writes. */
export interface RowsUse {
  /** Whether it is a step of training. */
  readonly trains: boolean;
  /** Whether it keeps quads. */
  readonly hasQuads: boolean;
  /** Whether it gives results. */
  readonly hasResults: boolean;
}

/** Lists the buffers. There are 8 storage buffers at most: all that a shader may have. */
export function listRowsBindings({ trains, hasQuads, hasResults }: RowsUse): Binding[] {
  const all: (Binding | false)[] = [
    { name: "p", type: "Batch", use: "uniform" },
    { name: "weights", type: "array<vec4f>", use: "read" },
    trains && { name: "transposed", type: "array<vec4f>", use: "read" },
    { name: "examples", type: "array<u32>", use: "read" },
    trains && { name: "order", type: "array<u32>", use: "read" },
    trains && { name: "progress", type: "Progress", use: "read" },
    hasQuads && { name: "kept_quads", type: "array<vec4f>", use: "write" },
    { name: "kept", type: "array<f32>", use: "write" },
    hasResults && { name: "results", type: "array<vec2u>", use: "write" },
  ];
  return all.filter((binding) => binding !== false);
}
