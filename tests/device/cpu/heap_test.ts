import { assert, assertEquals, assertThrows } from "@std/assert";
import { createHeap } from "../../../src/device/cpu/heap.ts";

Deno.test("createHeap() allocates blocks that do not overlap, and reuses freed ones", () => {
  const heap = createHeap(1000);
  const blocks = [100, 1, 64, 70_000, 5].map((size) => ({ size, address: heap.allocate(size) }));
  blocks.forEach(({ address, size }, i) => {
    assertEquals(address % 64, 0);
    assert(address >= 1000);
    const next = blocks[i + 1];
    assert(next === undefined || address + size + 64 <= next.address);
  });
  assert(heap.memory.buffer.byteLength >= 70_000);
  const [, second, third] = blocks;
  heap.free(third!.address);
  heap.free(second!.address);
  assertEquals(heap.allocate(150), second!.address);
});

Deno.test("createHeap() joins gaps: blocks that were freed in any order can be allocated as one", () => {
  const heap = createHeap(0);
  const addresses = Array.from({ length: 9 }, () => heap.allocate(1000));
  for (const i of [4, 2, 3, 8, 0, 1, 7, 5, 6]) heap.free(addresses[i]!);
  assertEquals(heap.usedBytes, 0);
  assertEquals(heap.allocate(9000), addresses[0]);
});

Deno.test("createHeap() refuses blocks that are too large, and addresses that it did not give, with the reason", () => {
  const heap = createHeap(0);
  assertThrows(() => heap.allocate(5e9), RangeError, "Cannot allocate 5000000000 bytes");
  assertThrows(() => heap.free(64), RangeError, "Cannot free 64");
});
