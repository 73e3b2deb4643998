import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { dense } from "../../src/ops/dense/dense.ts";
import { denseReference } from "../../src/ops/dense/dense_reference.ts";
import { webGpuBackend } from "../../src/ops/webgpu/device.ts";
import { chooseTile } from "../../src/ops/webgpu/tile.ts";
import { assertClose } from "../assert_close.ts";
import { onCpu, readAll, testOnWebGpu } from "../backends.ts";
import { waveTensor } from "./waves.ts";

const ALONG = { a: true, b: false };
const USUAL = { maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupStorageSize: 16_384 };

Deno.test("chooseTile() keeps within the adapter's threads and workgroup memory", () => {
  for (const rows of [1, 128, 8192, 100_000]) {
    for (const groups of [1, 4, 5, 128, 512]) {
      for (const threads of [64, 128, 256, 1024]) {
        for (const bytes of [4096, 16_384, 49_152]) {
          const limits = {
            maxComputeInvocationsPerWorkgroup: threads,
            maxComputeWorkgroupStorageSize: bytes,
          };
          const { constants, tiles, across } = chooseTile({ rows, groups }, ALONG, limits);
          const [x, y, depth] = [constants.TILE_X, constants.TILE_Y, constants.TILE_DEPTH] as [
            number,
            number,
            number,
          ];
          const down = tiles / across;
          assertEquals(x * y <= threads && 16 * (x + y) * depth <= bytes, true);
          assertEquals(4 * y * down >= rows && x * across >= groups, true);
          assertEquals(4 * y * (down - 1) < rows && x * (across - 1) < groups, true);
        }
      }
    }
  }
});

Deno.test("chooseTile() takes large tiles for large results where the adapter has the threads", () => {
  const large = { rows: 8192, groups: 128 };
  assertEquals(chooseTile(large, ALONG, USUAL).constants.TILE_X, 16);
  const few = { ...USUAL, maxComputeInvocationsPerWorkgroup: 128 };
  assertEquals(chooseTile(large, ALONG, few).constants.TILE_X, 8);
  assertEquals(chooseTile({ rows: 128, groups: 128 }, ALONG, USUAL).constants.TILE_X, 8);
});

async function multiply(layer: typeof dense, size: readonly number[]): Promise<Float32Array[]> {
  const [rows, depth, columns] = size as [number, number, number];
  return await readAll(tf.tidy(() => {
    const x = waveTensor<tf.Rank.R3>([rows, 1, depth], 1);
    const kernel = waveTensor<tf.Rank.R2>([depth, columns], 2);
    return [layer(x, kernel, waveTensor<tf.Rank.R1>([columns], 3))];
  }));
}

testOnWebGpu("a product equals its reference in large tiles", async () => {
  const size = [64 * 31 + 1, 5, 16 * 64 + 3];
  const [rows, groups] = [size[0]!, Math.ceil(size[2]! / 4)];
  const { limits } = webGpuBackend().device;
  assertEquals(chooseTile({ rows, groups }, ALONG, limits).constants.TILE_X, 16);
  const [expected] = await onCpu(() => multiply(denseReference, size));
  const [found] = await multiply(dense, size);
  assertClose(found!, expected!, "y", { relative: 1e-4, absolute: 1e-5 });
});

testOnWebGpu("a product equals its reference in tiles of a small workgroup memory", async () => {
  const { device } = webGpuBackend();
  const limits = {
    maxComputeInvocationsPerWorkgroup: 64,
    maxComputeWorkgroupStorageSize: 4096,
    maxComputeWorkgroupsPerDimension: 65_535,
    maxStorageBufferBindingSize: device.limits.maxStorageBufferBindingSize,
  };
  Object.defineProperty(device, "limits", { value: limits, configurable: true });
  try {
    const size = [37, 61, 11];
    const narrow = chooseTile({ rows: 37, groups: 3 }, ALONG, device.limits);
    assertEquals(narrow.constants.TILE_DEPTH, 8);
    const [expected] = await onCpu(() => multiply(denseReference, size));
    const [found] = await multiply(dense, size);
    assertClose(found!, expected!, "y", { relative: 1e-4, absolute: 1e-5 });
  } finally {
    Reflect.deleteProperty(device, "limits");
  }
});
