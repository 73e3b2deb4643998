import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  countColumns,
  cutToColumns,
  layFields,
  padToColumns,
  wrapWords,
} from "../../src/evaluation/columns.ts";

Deno.test("countColumns() counts the columns that a terminal shows", () => {
  const columns: [string, number][] = [
    ["", 0],
    ["12+34", 5],
    ["☑ ☒ ━─█", 7],
    ["日本", 4],
    ["한국", 4],
    ["e\u0301", 1], // with a combining accent
    ["\u0301", 0],
    ["👍", 2],
    ["👩‍👩‍👧", 2], // three joined
    ["🇫🇷", 2],
    ["❤\ufe0f", 2],
    ["ﾊ", 1],
    ["Ａ", 2],
  ];
  for (const [text, count] of columns) assertEquals(countColumns(text), count, text);
});

Deno.test("cutToColumns() does not cut a character in two", () => {
  assertEquals(cutToColumns("日本語", 5), "日本");
  assertEquals(cutToColumns("ae\u0301i", 2), "ae\u0301");
  assertEquals(cutToColumns("a👩‍👩‍👧", 2), "a");
  assertEquals(cutToColumns("abc", 0), "");
  assertEquals(cutToColumns("abc", -1), "");
  assertEquals(cutToColumns("abc", Infinity), "abc");
});

Deno.test("cutToColumns() gives the longest beginning that fits", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme" }),
    fc.nat({ max: 30 }),
    (text, columns) => {
      const cut = cutToColumns(text, columns);
      assert(text.startsWith(cut));
      assert(countColumns(cut) <= columns);
      if (cut !== text) assert(countColumns(text) > columns);
    },
  ));
});

Deno.test("padToColumns() counts wide characters as two", () => {
  assertEquals(padToColumns("日", 4), "日  ");
  assertEquals(padToColumns("abcde", 4), "abcde");
});

Deno.test("wrapWords() breaks a word only if it is longer than a line", () => {
  assertEquals(wrapWords("a sentence of words", 10, 2), ["a sentence", "  of words"]);
  assertEquals(wrapWords("a sentence of words", Infinity, 2), ["a sentence of words"]);
  assertEquals(wrapWords("in /a/path/without/spaces", 10), [
    "in",
    "/a/path/wi",
    "thout/spac",
    "es",
  ]);
  assertEquals(wrapWords("", 10), [""]);
});

Deno.test("layFields() keeps all text and every width", () => {
  fc.assert(fc.property(
    fc.array(
      fc.string({ unit: "grapheme-ascii", minLength: 1 }).filter((text) => !/\s/.test(text)),
      {
        minLength: 1,
      },
    ),
    fc.integer({ min: 1, max: 60 }),
    (fields, columns) => {
      const lines = layFields(fields, columns);
      assertEquals(lines.join("").replace(/\s/g, ""), fields.join(""));
      const margin = Math.min(2, columns - 1);
      for (const line of lines) assert(countColumns(line) <= Math.max(columns, margin + 2));
    },
  ));
});
