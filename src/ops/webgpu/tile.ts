/** The tile of products: its shader text and its size. @module */
import type { Constants, Shader } from "./shader.ts";
import { WGSL } from "../wgsl.ts";

/** Threads per workgroup: two of NVIDIA's subgroups. Large results take more, because a larger tile reads half as much. */
const THREADS = 64;
const LARGE_THREADS = 256;

/** Number of tiles from which a result is large: enough to occupy any card. */
const LARGE_TILES = 512;

/** Most values along the depth that a workgroup holds, if its memory has room. */
const MAX_DEPTH = 16;

/** Threads per workgroup on a software adapter: a vector of 8 lanes. */
const LANES = 8;

/** Groups of 4 columns and blocks of 4 rows per thread on a software adapter: the more, the more often a value is used per read. */
const DIRECT_GROUPS = 4;
const DIRECT_BLOCKS = 4;

/** Number of multiplications from which a product on a software adapter repays the compilation of a larger shader. */
const MANY_MULTIPLICATIONS = 2 ** 18;

/** The properties of a device on which tiles depend. A software adapter's workgroup memory is not faster than its buffers. */
export interface TileDevice {
  readonly limits: Readonly<
    Pick<GPUSupportedLimits, "maxComputeInvocationsPerWorkgroup" | "maxComputeWorkgroupStorageSize">
  >;
  readonly adapterInfo: Readonly<Pick<GPUAdapterInfo, "isFallbackAdapter">>;
}

/** A shader for both tiles: `staged` goes through the workgroup's memory, `direct` reads the buffers. */
export type TileShader = Readonly<Record<"staged" | "direct", Shader>>;

/** Makes a shader whose text follows that of the tile. */
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

/** A tile with its size, and the number of tiles that cover a result. */
export interface Tiling {
  readonly kind: keyof TileShader;
  readonly constants: Constants;
  /** Number of tiles in a row. */
  readonly across: number;
  readonly tiles: number;
}

/** The size of a product: rows and groups of 4 columns of its result, and its depth. */
export interface TileSize {
  readonly rows: number;
  readonly groups: number;
  readonly depth: number;
}

/**
 * Chooses the tile for a product.
 *
 * Narrow results get narrow tiles. Large results get large tiles if workgroups may have enough threads. The depth is limited by the
 * workgroup's memory. On a software adapter a load costs as much as a hundred multiplications, so a thread of a long product takes
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
