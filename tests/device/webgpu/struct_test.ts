import { assertEquals } from "@std/assert";
import { defineStruct } from "../../../src/device/webgpu/struct.ts";

const PAIR = defineStruct("Pair", { count: "u32", share: "f32" });

Deno.test("defineStruct() declares the fields in order, with others that fill 16 bytes", () => {
  assertEquals(
    PAIR.wgsl,
    "struct Pair { count: u32, share: f32, padding_0: u32, padding_1: u32 }",
  );
});

Deno.test("pack() writes one struct after another, each field with its type", () => {
  const bytes = PAIR.pack({ count: 7, share: 0.5 }, { count: 0xffff_ffff, share: -2 });
  assertEquals(PAIR.sizeBytes, 16);
  assertEquals(Array.from(new Uint32Array(bytes.buffer)).map((value) => value), [
    ...[7, 0x3f00_0000, 0, 0],
    ...[0xffff_ffff, 0xc000_0000, 0, 0],
  ]);
});
