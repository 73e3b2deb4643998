import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseStrictJson } from "../../src/arguments/strict_json.ts";

Deno.test("parseStrictJson() reads what JSON.stringify() writes", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 8 }), fc.nat(2), (value, spaces) => {
    const text = JSON.stringify(value, undefined, spaces);
    assertEquals(parseStrictJson(text), JSON.parse(text));
  }));
});

Deno.test("parseStrictJson() throws a SyntaxError or gives the value of JSON.parse(), for all texts", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    "\\",
    ":",
    ",",
    " ",
    "a",
    "1",
    "null",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }).map((all) => all.join("")), (text) => {
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        assertThrows(() => parseStrictJson(text), SyntaxError);
        return;
      }
      try {
        assertEquals(parseStrictJson(text), expected);
      } catch (error) {
        assertEquals((error as Error).name, "SyntaxError");
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("parseStrictJson() refuses the same key twice in an object, even if it is escaped", () => {
  for (
    const text of [
      '{"a":1,"a":1}',
      '{"a":1,"\\u0061":2}',
      '{"a" : 1, "b": {}, "a"\n: 2}',
      '[{"b":{"a":1,"a":2}}]',
      '{"__proto__":1,"__proto__":2}',
      '{"":1,"":2}',
      '{"a\\"":1,"a\\"":2}',
    ]
  ) assertThrows(() => parseStrictJson(text), SyntaxError, "occurs twice");
});

Deno.test("parseStrictJson() accepts the same key in two objects, and a text that looks like a key", () => {
  for (
    const text of [
      '{"a":{"a":{"a":1}}}',
      '[{"a":1},{"a":2}]',
      '{"a":"a","b":"\\"a\\":"}',
      '["a","a","a"]',
      '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    ]
  ) assertEquals(parseStrictJson(text), JSON.parse(text));
});

Deno.test("parseStrictJson() reads 16 levels and no more", () => {
  const nest = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
  assertEquals(parseStrictJson(nest(16)), JSON.parse(nest(16)));
  assertThrows(() => parseStrictJson(nest(17)), SyntaxError, "at most 16 levels deep");
  assertThrows(() => parseStrictJson("[".repeat(1e6)), SyntaxError, "at most 16 levels deep");
});
