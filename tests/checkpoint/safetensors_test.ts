import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MAX_HEADER_BYTES } from "../../src/checkpoint/limits.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
} from "../../src/checkpoint/safetensors.ts";

const tensor = fc.tuple(
  fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__"),
  fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
).chain(([name, shape]) => {
  const length = shape.reduce((a, b) => a * b, 1);
  return fc.record({
    name: fc.constant(name),
    shape: fc.constant(shape),
    values: fc.oneof(
      fc.float32Array({ minLength: length, maxLength: length }),
      fc.float64Array({ minLength: length, maxLength: length }),
    ),
  }, { noNullPrototype: true });
});
const content = fc.record({
  tensors: fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 }),
  metadata: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
}, { noNullPrototype: true });

Deno.test("decodeSafetensors() gives back what encodeSafetensors() took", () => {
  fc.assert(fc.property(content, (file: Safetensors) => {
    const decoded = decodeSafetensors(encodeSafetensors(file));
    assertEquals(
      new Map(decoded.tensors.map((tensor) => [tensor.name, tensor])),
      new Map(file.tensors.map((tensor) => [tensor.name, tensor])),
    );
    assertEquals(decoded.metadata, file.metadata);
  }));
});

const one = encodeSafetensors({
  tensors: [{ name: "a", shape: [2], values: Float32Array.of(1, 2) }],
  metadata: { k: "v" },
});

/** A file with a header of its own. */
function withHeader(header: string, body = new Uint8Array(8)): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

function withLength(length: bigint): Uint8Array {
  const bytes = one.slice();
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}

const entry = (shape: string, offsets: string, dtype = "F32"): string =>
  `{"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`;

const attacks: Record<string, [Uint8Array, string]> = {
  "nothing": [new Uint8Array(0), "at least 8 bytes"],
  "a length of 2^63": [withLength(2n ** 63n), "but has 9223372036854775808"],
  "a length beyond the file": [withLength(10_000n), "but has 10000"],
  "a header that is not JSON": [withHeader("{no"), "not JSON"],
  "a header that is not UTF-8": [one.with(9, 0xff), "not JSON"],
  "a header that is a list": [withHeader("[]"), "JSON object"],
  "a header that begins with a space": [withHeader(" {}"), "JSON object"],
  "another dtype": [withHeader(entry("[2]", "[0,8]", "I32")), "dtype F32 or F64"],
  "a negative dimension": [withHeader(entry("[-2]", "[0,8]")), "shape and two offsets"],
  "a dimension that is not an integer": [
    withHeader(entry("[0.5]", "[0,8]")),
    "shape and two offsets",
  ],
  "a product that overflows": [withHeader(entry("[4294967296,4294967296]", "[0,8]")), "its shape"],
  "a tensor that begins later": [withHeader(entry("[1]", "[4,8]")), "must start at byte 0"],
  "a tensor beyond the file": [withHeader(entry("[4]", "[0,16]")), "says that the file has"],
  "bytes after the last tensor": [withHeader(entry("[1]", "[0,4]")), "says that the file has"],
  "a dtype that is an object": [
    withHeader('{"a":{"dtype":{"toString":1},"shape":[2],"data_offsets":[0,8]}}'),
    "but has {",
  ],
  "an entry with an unknown key": [
    withHeader('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"strides":[1]}}'),
    'unknown key "strides"',
  ],
  "a tensor that occurs twice": [
    withHeader(`${entry("[2]", "[0,8]").slice(0, -1)},${entry("[2]", "[0,8]").slice(1)}`),
    "occurs twice",
  ],
  "a key that occurs twice, once escaped": [
    withHeader('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"\\u0073hape":[1]}}'),
    "occurs twice",
  ],
  "a deeply nested header": [withHeader("[".repeat(100_000)), "levels deep"],
  "an entry that is not an object": [withHeader('{"a":1}'), "must be an object"],
  "metadata that is not an object": [
    withHeader('{"__metadata__":1}', new Uint8Array(0)),
    "metadata",
  ],
  "metadata that is not a string": [
    withHeader('{"__metadata__":{"k":1}}', new Uint8Array(0)),
    'metadata "k"',
  ],
};

for (const [name, [bytes, message]] of Object.entries(attacks)) {
  Deno.test(`decodeSafetensors() refuses ${name}`, () => {
    assertThrows(() => decodeSafetensors(bytes), SyntaxError, message);
  });
}

Deno.test("encodeSafetensors() refuses a shape that disagrees with the values", () => {
  const tensor = { name: "a", shape: [3], values: Float32Array.of(1, 2) };
  assertThrows(() => encodeSafetensors({ tensors: [tensor], metadata: {} }), TypeError, '"a"');
});

Deno.test("encodeSafetensors() refuses the same name twice", () => {
  const tensor = { name: "a", shape: [1], values: Float32Array.of(1) };
  assertThrows(() => encodeSafetensors({ tensors: [tensor, tensor], metadata: {} }), TypeError);
});

Deno.test("a header is written and read up to the same limit", () => {
  const overhead = '{"__metadata__":{"k":""}}'.length;
  for (const length of [MAX_HEADER_BYTES - 8, MAX_HEADER_BYTES - 1, MAX_HEADER_BYTES]) {
    const text = "x".repeat(length - overhead);
    const { metadata } = decodeSafetensors(
      encodeSafetensors({ tensors: [], metadata: { k: text } }),
    );
    assertEquals(metadata.k!.length, text.length);
  }
  const longer = "x".repeat(MAX_HEADER_BYTES + 1 - overhead);
  assertThrows(
    () => encodeSafetensors({ tensors: [], metadata: { k: longer } }),
    RangeError,
    `at most ${MAX_HEADER_BYTES} bytes, but would have ${MAX_HEADER_BYTES + 8}`,
  );
  const forged = new Uint8Array(8 + MAX_HEADER_BYTES + 8);
  new DataView(forged.buffer).setBigUint64(0, BigInt(MAX_HEADER_BYTES + 8), true);
  assertThrows(() => decodeSafetensors(forged), SyntaxError, "its header must have at most");
});

Deno.test("names that are integers keep their order", () => {
  const tensors = ["10", "b", "2"].map((name) => ({
    name,
    shape: [1],
    values: Float32Array.of(name.length),
  }));
  const bytes = encodeSafetensors({ tensors, metadata: { z: "first", 1: "one" } });
  assertEquals(decodeSafetensors(bytes).tensors.map(({ name }) => name), ["10", "b", "2"]);
  assertEquals(new TextDecoder().decode(bytes.subarray(8, 24)), '{"__metadata__":');
});
