import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { escapeText, formatJson } from "../../src/arguments/escape.ts";

Deno.test("escapeText() escapes characters that a terminal obeys", () => {
  assertEquals(escapeText("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
  assertEquals(escapeText("a\nb\rc\td"), "a\\nb\\rc\\td");
  assertEquals(escapeText("\x00\x7f\x9b31m"), "\\x00\\x7f\\x9b31m");
  assertEquals(escapeText("\u202eabc\u2066\u2028\u200f"), "\\u202eabc\\u2066\\u2028\\u200f");
  assertEquals(escapeText("half \ud83d of it"), "half \\ud83d of it");
});

Deno.test("escapeText() does not change texts of any language", () => {
  for (const text of ["12+34=46 ☑ ☒ ━─█", "naïve 日本 עברית العربية", "👩‍👩‍👧 ❤️", "می‌خواهم"]) {
    assertEquals(escapeText(text), text);
  }
});

Deno.test("formatJson() is safe on a terminal and the same value for a parser", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const line = formatJson({ text });
    assertEquals(JSON.parse(line), { text });
    assertEquals(escapeText(line), line);
  }));
  const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join("");
  assertEquals(JSON.parse(formatJson(all)), all);
  assert(!/[\x7f-\x9f\u2028\u202e]/.test(formatJson(all)));
});
