/** The tile of products: its shader text and its size. @module */
import type { Constants, Shader } from "./shader.ts";
import { WGSL } from "../wgsl.ts";

/** Threads a workgroup: two of NVIDIA's subgroups; and for large results, where a larger tile reads half as much. */
const THREADS = 64;
const LARGE_THREADS = 256;

/** Tiles from which a result is large: enough of them to occupy any card. */
const LARGE_TILES = 512;

/** Values along the depth that a workgroup holds, if its memory has room. */
const MAX_DEPTH = 16;

/** The limits of an adapter that tiles depend on. */
export type TileLimits = Readonly<
  Pick<GPUSupportedLimits, "maxComputeInvocationsPerWorkgroup" | "maxComputeWorkgroupStorageSize">
>;

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

/**
 * Chooses the tile for a result of some rows and groups of 4 columns, from the adapter's limits.
 *
 * Narrow results get narrow tiles, large ones large tiles where workgroups may have so many threads; the depth is what the workgroup's
 * memory has room for.
 */
export function chooseTile(
  { rows, groups }: { readonly rows: number; readonly groups: number },
  along: { a: boolean; b: boolean },
  limits: TileLimits,
): Tiling {
  const isLarge = limits.maxComputeInvocationsPerWorkgroup >= LARGE_THREADS &&
    Math.ceil(rows / 64) * Math.floor(groups / 16) >= LARGE_TILES;
  const TILE_X = isLarge ? 16 : groups <= 4 ? 4 : 8;
  const TILE_Y = (isLarge ? LARGE_THREADS : THREADS) / TILE_X;
  const bytesOfDepth = 16 * (TILE_X + TILE_Y);
  let depth = MAX_DEPTH;
  while (depth > 1 && depth * bytesOfDepth > limits.maxComputeWorkgroupStorageSize) depth /= 2;
  const across = Math.ceil(groups / TILE_X);
  return {
    constants: {
      TILE_X,
      TILE_Y,
      TILE_DEPTH: depth,
      A_ALONG_DEPTH: along.a,
      B_ALONG_DEPTH: along.b,
    },
    across,
    tiles: across * Math.ceil(rows / (4 * TILE_Y)),
  };
}
