import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { dense } from "../../src/ops/dense/dense.ts";
import { denseReference } from "../../src/ops/dense/dense_reference.ts";
import { webGpuBackend } from "../../src/ops/webgpu/device.ts";
import { chooseTile, type TileDevice } from "../../src/ops/webgpu/tile.ts";
import { assertClose } from "../assert_close.ts";
import { onCpu, readAll, testOnWebGpu } from "../backends.ts";
import { waveTensor } from "./waves.ts";

const ALONG = { a: true, b: false };
const USUAL = { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupStorageSize: 16_384 };

function card(limits: TileDevice["limits"]): TileDevice {
  return { limits, adapterInfo: { isFallbackAdapter: false } };
}

const SOFTWARE: TileDevice = { limits: USUAL, adapterInfo: { isFallbackAdapter: true } };

Deno.test("chooseTile() stays within the adapter's threads and workgroup memory", () => {
  for (const rows of [1, 128, 8192, 100_000]) {
    for (const groups of [1, 4, 5, 128, 512]) {
      for (const threads of [64, 128, 256, 1024]) {
        for (const bytes of [4096, 16_384, 49_152]) {
          const { constants, tiles, across } = chooseTile(
            { rows, groups, depth: 512 },
            ALONG,
            card({
              maxComputeInvocationsPerWorkgroup: threads,
              maxComputeWorkgroupStorageSize: bytes,
            }),
          );
          const [x, y, depth] = numbers(constants, "TILE_X", "TILE_Y", "TILE_DEPTH");
          assertEquals(x * y <= threads && 16 * (x + y) * depth <= bytes, true);
          assertCovers({ rows, groups }, { rows: 4 * y, groups: x }, { across, tiles });
        }
      }
    }
  }
});

Deno.test("chooseTile() covers a result on a software adapter, in tiles of at most 64 threads and 16 KiB", () => {
  for (const rows of [1, 4, 5, 16, 17, 8192]) {
    for (const groups of [1, 4, 5, 8, 33, 512]) {
      const { kind, constants, ...tiling } = chooseTile(
        { rows, groups, depth: 2 ** 16 },
        ALONG,
        SOFTWARE,
      );
      assertEquals(kind, "direct");
      const [x, y, blocks] = numbers(constants, "TILE_X", "TILE_Y", "BLOCKS");
      assertEquals(x * y <= 64 && 4 * blocks * 4 * 16 * x * y <= 16_384, true);
      assertCovers({ rows, groups }, { rows: 4 * blocks * y, groups: 4 * x }, tiling);
    }
  }
});

function numbers(constants: object, ...names: string[]): [number, number, number] {
  return names.map((name) => Object.entries(constants).find(([key]) => key === name)![1]) as [
    number,
    number,
    number,
  ];
}

type Size = Readonly<Record<"rows" | "groups", number>>;

function assertCovers(result: Size, tile: Size, { across, tiles }: Record<string, number>): void {
  assertEquals(across, Math.ceil(result.groups / tile.groups));
  assertEquals(tiles! / across!, Math.ceil(result.rows / tile.rows));
}

Deno.test("chooseTile() takes large tiles for large results if the adapter has enough threads", () => {
  const large = { rows: 8192, groups: 128, depth: 128 };
  assertEquals(chooseTile(large, ALONG, card(USUAL)).constants.TILE_X, 16);
  const few = { ...USUAL, maxComputeInvocationsPerWorkgroup: 128 };
  assertEquals(chooseTile(large, ALONG, card(few)).constants.TILE_X, 8);
  assertEquals(chooseTile({ ...large, rows: 128 }, ALONG, card(USUAL)).constants.TILE_X, 8);
});

Deno.test("chooseTile() reads directly only on a software adapter, and only for long products", () => {
  const size = { rows: 128, groups: 128, depth: 128 };
  assertEquals(chooseTile(size, ALONG, SOFTWARE).kind, "direct");
  assertEquals(chooseTile(size, ALONG, card(USUAL)).kind, "staged");
  assertEquals(chooseTile({ rows: 8, groups: 8, depth: 8 }, ALONG, SOFTWARE).kind, "staged");
});

async function multiply(layer: typeof dense, size: readonly number[]): Promise<Float32Array[]> {
  const [rows, depth, columns] = size as [number, number, number];
  return await readAll(tf.tidy(() => {
    const x = waveTensor<tf.Rank.R3>([rows, 1, depth], 1);
    const kernel = waveTensor<tf.Rank.R2>([depth, columns], 2);
    return [layer(x, kernel, waveTensor<tf.Rank.R1>([columns], 3))];
  }));
}

/** Compares a product with its reference, on the device in use, with the tiles for another device. */
async function compareAs(
  { limits, adapterInfo }: {
    limits?: TileDevice["limits"];
    adapterInfo: TileDevice["adapterInfo"];
  },
  size: readonly number[],
): Promise<void> {
  const { device } = webGpuBackend();
  const most = {
    maxComputeWorkgroupsPerDimension: device.limits.maxComputeWorkgroupsPerDimension,
    maxStorageBufferBindingSize: device.limits.maxStorageBufferBindingSize,
  };
  const seen = { limits: { ...(limits ?? USUAL), ...most }, adapterInfo };
  for (const [name, value] of Object.entries(seen)) {
    Object.defineProperty(device, name, { value, configurable: true });
  }
  try {
    const [expected] = await onCpu(() => multiply(denseReference, size));
    const [found] = await multiply(dense, size);
    assertClose(found!, expected!, "y", { relative: 1e-4, absolute: 1e-5 });
  } finally {
    for (const name of Object.keys(seen)) Reflect.deleteProperty(device, name);
  }
}

testOnWebGpu("a product equals its reference in large tiles", async () => {
  const size = [64 * 31 + 1, 5, 16 * 64 + 3] as const;
  const device = card(USUAL);
  const [rows, depth, groups] = [size[0], size[1], Math.ceil(size[2] / 4)];
  assertEquals(chooseTile({ rows, groups, depth }, ALONG, device).constants.TILE_X, 16);
  await compareAs(device, size);
});

testOnWebGpu("a product equals its reference in tiles for a small workgroup memory", async () => {
  const device = card({
    maxComputeInvocationsPerWorkgroup: 64,
    maxComputeWorkgroupStorageSize: 4096,
  });
  const narrow = chooseTile({ rows: 37, groups: 3, depth: 61 }, ALONG, device);
  assertEquals(narrow.constants.TILE_DEPTH, 8);
  await compareAs(device, [37, 61, 11]);
});

testOnWebGpu("a product equals its reference if threads read directly", async () => {
  for (const size of [[3, 1031, 101], [67, 211, 23], [33, 127, 257]] as const) {
    const [rows, depth, groups] = [size[0], size[1], Math.ceil(size[2] / 4)];
    assertEquals(chooseTile({ rows, groups, depth }, ALONG, SOFTWARE).kind, "direct");
    await compareAs(SOFTWARE, size);
  }
});
