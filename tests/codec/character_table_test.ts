import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createCharacterTable } from "../../src/codec/character_table.ts";

const table = createCharacterTable("0123456789+ ");
const text = fc.string({ unit: fc.constantFrom(...table.characters), maxLength: 12 });

Deno.test("createCharacterTable() sorts its characters", () => {
  assertEquals(table.characters.join(""), " +0123456789");
  assertEquals(table.size, 12);
});

Deno.test("decode() undoes encode() and decodeIndices() undoes encodeIndices()", () => {
  fc.assert(fc.property(text, (value) => {
    assertEquals(table.decode(table.encode(value, value.length)), value);
    assertEquals(table.decodeIndices(table.encodeIndices(value, value.length)), value);
    assertEquals(table.decodeIndices(table.encodeIndices(value, 12)), value.padEnd(12));
  }));
});

Deno.test("encode() writes one-hot rows and leaves rows past the text zero, as Keras does", () => {
  const rows = table.encode("1", 2);
  assertEquals(rows.length, 24);
  assertEquals([...rows].flatMap((value, at) => value === 1 ? [at] : []), [3]);
});

Deno.test("decode() takes the most probable character of each row", () => {
  const letters = createCharacterTable("ab");
  assertEquals(letters.decode([0.4, 0.6, 0.7, 0.3, 0.5, 0.5]), "baa");
});

Deno.test("encode() and encodeIndices() name an unknown character and its index", () => {
  for (const encode of [table.encode, table.encodeIndices]) {
    assertThrows(() => encode("12x+3", 7), SyntaxError, 'index 2 is "x"');
  }
});

Deno.test("encode() and encodeIndices() refuse a text that is longer than the rows", () => {
  for (const encode of [table.encode, table.encodeIndices]) {
    assertThrows(() => encode("12+34", 4), RangeError, "room for 4 characters, but it has 5");
  }
});

Deno.test("createCharacterTable() names a duplicate character and its indices", () => {
  assertThrows(() => createCharacterTable("abca"), SyntaxError, '"a" is at index 0 and at index 3');
});

Deno.test("createCharacterTable() requires 1 to 256 characters", () => {
  assertThrows(() => createCharacterTable(""), RangeError, "has 0");
  const many = Array.from({ length: 257 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");
  assertThrows(() => createCharacterTable(many), RangeError, "has 257");
});

Deno.test("decode() refuses rows of another width and values that are not numbers", () => {
  assertThrows(() => table.decode(new Float32Array(13)), TypeError, "13 values");
  const broken = table.encode("12", 2);
  broken[12 + 5] = NaN;
  assertThrows(() => table.decode(broken), TypeError, "row 1, column 5 is NaN");
});

Deno.test("decodeIndices() names an index out of range and its position", () => {
  assertThrows(() => table.decodeIndices([0, 12]), RangeError, "position 1 has 12");
});

Deno.test("encodeIndices() does not pad if the table has no space", () => {
  const letters = createCharacterTable("ab");
  assertEquals([...letters.encodeIndices("ba", 2)], [1, 0]);
  assertThrows(() => letters.encodeIndices("b", 2), RangeError, "no space");
});

Deno.test("a character is a code point", () => {
  const emoji = createCharacterTable("😀a");
  assertEquals(emoji.size, 2);
  assertEquals(emoji.decode(emoji.encode("a😀", 2)), "a😀");
});
