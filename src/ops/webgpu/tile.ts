/** The tile of products: its shader text and its size. @module */
import type { Constants, Shader } from "./shader.ts";
import { WGSL } from "../wgsl.ts";

/** Threads a workgroup: what every WebGPU device has, and two of NVIDIA's subgroups. */
const THREADS = 64;

/** Makes a shader whose text stands on the tile's. */
export function tileShader(name: string, code: string, buffers: Shader["buffers"]): Shader {
  return { name, code: `${WGSL["webgpu/tile"]}\n${code}`, buffers };
}

/** A tile size, and how many tiles cover a result. */
export interface Tiling {
  readonly constants: Constants;
  /** Tiles next to one another. */
  readonly across: number;
  readonly tiles: number;
}

/** Chooses the tile for a result of some rows and groups of 4 columns: narrow results get narrow tiles. */
export function chooseTile(
  rows: number,
  groups: number,
  along: { a: boolean; b: boolean },
): Tiling {
  const TILE_X = groups <= 4 ? 4 : 8;
  const TILE_Y = THREADS / TILE_X;
  const across = Math.ceil(groups / TILE_X);
  return {
    constants: {
      TILE_X,
      TILE_Y,
      TILE_DEPTH: 16,
      A_ALONG_DEPTH: along.a,
      B_ALONG_DEPTH: along.b,
    },
    across,
    tiles: across * Math.ceil(rows / (4 * TILE_Y)),
  };
}
