import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  characterLayout,
  countSymbols,
  findDifference,
  orderPositions,
  type Reversal,
  type TextLayout,
  UNKNOWN,
} from "../../src/codec/layout.ts";
import { createTextCodec } from "../../src/codec/text_codec.ts";

const CHARACTERS: TextLayout = {
  ...{ length: 6, symbols: ["", "a", "b", " ", "\t", "\n", "漢", "😀"], padding: "" },
  ...{ separator: "", reverse: false, normalize: "none" },
};
const REVERSALS: readonly Reversal[] = [false, true, "text"];
const TOKENS: TextLayout = { ...CHARACTERS, symbols: ["", "k", "tʃ", "aː"], separator: " " };

function write(layout: TextLayout, text: string): number[] {
  const to = new Uint8Array(layout.length + 2).fill(99);
  createTextCodec(layout).write(text, to, 1);
  assertEquals([to[0], to.at(-1)], [99, 99], "it wrote beyond its place");
  return [...to.subarray(1, -1)];
}

function read(layout: TextLayout, text: string): string {
  return createTextCodec(layout).read(write(layout, text));
}

Deno.test("a text codec pads at the end, and reverses the padded text", () => {
  const { source } = characterLayout(" +0123456789", {
    ...{ inputLength: 7, outputLength: 4, reverse: true },
  });
  assertEquals(write(source, "1+23"), [0, 0, 0, 5, 4, 1, 3]);
  assertEquals(write({ ...source, reverse: false }, "1+23"), [3, 1, 4, 5, 0, 0, 0]);
  assertEquals(write({ ...source, reverse: "text" }, "1+23"), [5, 4, 1, 3, 0, 0, 0]);
  assertEquals(write({ ...TOKENS, reverse: "text" }, "k aː tʃ"), [2, 3, 1, 0, 0, 0]);
});

Deno.test("a text codec reads what it wrote: any text of its symbols, whatever it ends in", () => {
  const { symbols } = CHARACTERS;
  const text = fc.array(fc.constantFrom(...symbols), { maxLength: 6 }).map((list) => list.join(""));
  fc.assert(fc.property(text, fc.constantFrom(...REVERSALS), (text, reverse) => {
    const layout = { ...CHARACTERS, reverse };
    assertEquals(read(layout, text), text);
    const indices = write(layout, text);
    const count = Array.from(text).length;
    assertEquals(countSymbols(layout, indices), count);
    const inOrder = orderPositions(layout, count).map((at) => symbols[indices[at]!]);
    assertEquals(inOrder, [...Array.from(text), ...Array(6 - count).fill("")]);
  }));
  for (const text of ["", "a\t", "a\n", "a ", "\t", "漢😀"]) {
    assertEquals(read(CHARACTERS, text), text);
  }
});

Deno.test("a text codec with the notebook's padding drops spaces at the end only", () => {
  const { target } = characterLayout(" ab", { inputLength: 3, outputLength: 5 });
  for (const [text, found] of [["a b", "a b"], ["a  ", "a"], [" a", " a"], ["", ""]] as const) {
    assertEquals(read(target, text), found);
  }
});

Deno.test("a text codec divides a text at its separator, and joins with it", () => {
  assertEquals(write(TOKENS, "k aː tʃ"), [1, 3, 2, 0, 0, 0]);
  assertEquals(read(TOKENS, "k aː tʃ"), "k aː tʃ");
  assertEquals(createTextCodec(TOKENS).read([1, 0, 3, 0, 0, 0]), "k aː", "padding is no symbol");
});

Deno.test("a text codec reads unknown symbols as one if the table has it", () => {
  const layout = { ...CHARACTERS, symbols: [...CHARACTERS.symbols, UNKNOWN] };
  assertEquals(write(layout, "axb"), [1, 8, 2, 0, 0, 0]);
  assertEquals(read(layout, "axb"), `a${UNKNOWN}b`);
  assertEquals(createTextCodec(layout).findFault("xyz"), undefined);
});

Deno.test("a text codec reads features behind a tab as symbols of their own", () => {
  const layout = { ...CHARACTERS, symbols: ["", "a", "V", "\tV", "\tPST"] };
  assertEquals(write(layout, "aV\tV;PST"), [1, 2, 3, 4, 0, 0]);
  assertEquals(read(layout, "aV\tV;PST"), "aV\tV;PST");
  assertEquals(read(layout, "a\tV\tPST"), "a\tV;PST", "columns are joined");
  assertEquals(createTextCodec(layout).split("a\tV"), ["a", "\tV"]);
});

Deno.test("a text codec converts texts to its Unicode form", () => {
  const nfd: TextLayout = { ...CHARACTERS, symbols: ["", "e", "\u0301"], normalize: "NFD" };
  assertEquals(write(nfd, "é"), [1, 2, 0, 0, 0, 0]);
  assertEquals(write({ ...nfd, symbols: ["", "é"], normalize: "NFC" }, "e\u0301"), [
    1,
    0,
    0,
    0,
    0,
    0,
  ]);
});

Deno.test("a text codec says what it cannot write", () => {
  const rows: [TextLayout, string, typeof SyntaxError | typeof RangeError, string][] = [
    [
      CHARACTERS,
      "ax",
      SyntaxError,
      'every character must be one of "ab \\t\\n漢😀", but index 1 is "x"',
    ],
    [CHARACTERS, "aaaaaaa", RangeError, "it must have at most 6 characters, but has 7"],
    [{ ...CHARACTERS, padding: null }, "a", RangeError, "it must have 6 characters, but has 1"],
    [TOKENS, "k  k", SyntaxError, 'every symbol must be one of "k", "tʃ", "aː", but index 1 is ""'],
    [TOKENS, "k\tk", SyntaxError, "every symbol must be one of"],
  ];
  for (const [layout, text, type, words] of rows) {
    assertThrows(() => write(layout, text), type, words);
    assertEquals(createTextCodec(layout).findFault(text)!.reason.includes(words), true);
  }
  const codec = createTextCodec(CHARACTERS);
  assertThrows(() => codec.write("a", new Uint8Array(6), 1), RangeError, "must have 7 positions");
  for (const text of [undefined, 1, ["a"]]) {
    assertThrows(() => codec.write(text as unknown as string, new Uint8Array(6), 0), TypeError);
  }
  for (const index of [8, -1, 0.5, NaN]) {
    assertThrows(() => codec.read([index]), RangeError, "from 0 to 7");
  }
});

Deno.test("createTextCodec() refuses a layout that has no meaning", () => {
  const wrong: [Partial<TextLayout>, string][] = [
    [{ length: 0 }, "length must be an integer from 1 to 4096"],
    [{ symbols: [] }, "1 to 256 symbols, but has 0"],
    [{ symbols: ["", "a", "a"] }, "must appear once"],
    [{ symbols: ["", "ab"] }, "must be one character"],
    [{ padding: "x" }, "must be one of its symbols"],
    [{ separator: " ", symbols: ["", "a b"] }, "not contain the separator"],
    [{ normalize: "NFC", symbols: ["", "e\u0301"] }, "be in the form NFC"],
    [{ symbols: ["", "\tV;W"] }, 'no tab or ";" in a feature'],
  ];
  for (const [part, words] of wrong) {
    assertThrows(() => createTextCodec({ ...CHARACTERS, ...part }), Error, words);
  }
});

Deno.test("findDifference() names the field in which two layouts differ", () => {
  assertEquals(findDifference(CHARACTERS, { ...CHARACTERS }), undefined);
  assertEquals(findDifference(CHARACTERS, { ...CHARACTERS, reverse: true }), "reverse");
  assertEquals(findDifference(CHARACTERS, TOKENS), "separator");
  assertEquals(findDifference(TOKENS, { ...TOKENS, symbols: [""] }), "symbols");
});
