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

/** Threads of a workgroup in software: a vector of 8 lanes. */
const LANES = 8;

/** Groups and blocks of 4 rows of a thread in software: a value that is read is multiplied so often. */
const DIRECT_GROUPS = 4;
const DIRECT_BLOCKS = 4;

/** Multiplications from which a product in software is worth compiling a larger shader. */
const MANY_MULTIPLICATIONS = 2 ** 18;

/** What tiles depend on: limits, and whether the adapter is software, whose workgroup memory is no nearer than its buffers. */
export interface TileDevice {
  readonly limits: Readonly<
    Pick<GPUSupportedLimits, "maxComputeInvocationsPerWorkgroup" | "maxComputeWorkgroupStorageSize">
  >;
  readonly adapterInfo: Readonly<Pick<GPUAdapterInfo, "isFallbackAdapter">>;
}

/** A shader on either tile: staged in the workgroup's memory, or read directly. */
export type TileShader = Readonly<Record<"staged" | "direct", Shader>>;

/** Makes a shader whose text stands on the tile's. */
export function tileShader(name: string, code: string, buffers: Shader["buffers"]): TileShader {
  const on = (tile: keyof typeof WGSL, label: string): Shader => ({
    name: label,
    code: `${WGSL[tile]}\n${code}`,
    buffers,
  });
  return {
    staged: on("webgpu/tile", name),
    direct: on("webgpu/direct_tile", `${name}_direct`),
  };
}

/** A tile and its size, and how many tiles cover a result. */
export interface Tiling {
  readonly kind: keyof TileShader;
  readonly constants: Constants;
  /** Tiles next to one another. */
  readonly across: number;
  readonly tiles: number;
}

/** A product's result of some rows and groups of 4 columns, and its depth. */
export interface TileSize {
  readonly rows: number;
  readonly groups: number;
  readonly depth: number;
}

/**
 * Chooses the tile for a product.
 *
 * Narrow results get narrow tiles, large ones large tiles where workgroups may have so many threads; the depth is what the workgroup's
 * memory has room for. In software a load costs as much as a hundred multiplications: there a thread of a long product takes
 * 16 rows by 16 columns, and nothing goes through the workgroup's memory.
 */
export function chooseTile(
  size: TileSize,
  along: { a: boolean; b: boolean },
  { limits, adapterInfo }: TileDevice,
): Tiling {
  const { rows, groups, depth } = size;
  const isLong = 4 * rows * groups * depth >= MANY_MULTIPLICATIONS;
  if (isLong && adapterInfo.isFallbackAdapter) return chooseDirectTile(size);
  const isLarge = limits.maxComputeInvocationsPerWorkgroup >= LARGE_THREADS &&
    Math.ceil(rows / 64) * Math.floor(groups / 16) >= LARGE_TILES;
  const TILE_X = isLarge ? 16 : groups <= 4 ? 4 : 8;
  const TILE_Y = (isLarge ? LARGE_THREADS : THREADS) / TILE_X;
  const bytesOfDepth = 16 * (TILE_X + TILE_Y);
  let TILE_DEPTH = MAX_DEPTH;
  while (TILE_DEPTH > 1 && TILE_DEPTH * bytesOfDepth > limits.maxComputeWorkgroupStorageSize) {
    TILE_DEPTH /= 2;
  }
  const orders = { A_ALONG_DEPTH: along.a, B_ALONG_DEPTH: along.b };
  return {
    kind: "staged",
    constants: { TILE_X, TILE_Y, TILE_DEPTH, ...orders },
    ...cover(size, 4 * TILE_Y, TILE_X),
  };
}

function chooseDirectTile(size: TileSize): Tiling {
  const BLOCKS = size.rows <= 4 ? 1 : DIRECT_BLOCKS;
  let TILE_X = LANES;
  while (TILE_X > 1 && DIRECT_GROUPS * TILE_X / 2 >= size.groups) TILE_X /= 2;
  const TILE_Y = LANES / TILE_X;
  return {
    kind: "direct",
    constants: { TILE_X, TILE_Y, BLOCKS },
    ...cover(size, 4 * BLOCKS * TILE_Y, DIRECT_GROUPS * TILE_X),
  };
}

function cover(
  { rows, groups }: TileSize,
  tileRows: number,
  tileGroups: number,
): Pick<Tiling, "across" | "tiles"> {
  const across = Math.ceil(groups / tileGroups);
  return { across, tiles: across * Math.ceil(rows / tileRows) };
}
