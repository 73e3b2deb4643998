import { assertEquals, assertThrows } from "@std/assert";
import type { TextLayout } from "../../src/codec/layout.ts";
import { createTextCodec } from "../../src/codec/text_codec.ts";
import { JAVASCRIPT_TEXTS } from "../../src/interop/javascript_texts.ts";

/** What the JavaScript of the examples defines. */
interface Texts {
  encode(text: string, side: TextLayout): number[];
  decode(indices: readonly number[], side: TextLayout): string;
}

function refuse(sentence: string): never {
  throw new RangeError(sentence);
}

/** Runs the JavaScript for a model whose questions and answers are laid out alike. */
function runTexts(layout: TextLayout): Texts {
  const define = new Function(
    ...["description", "refuse", `${JAVASCRIPT_TEXTS}\nreturn { encode, decode };`],
  );
  return define({ model: { source: layout, target: layout } }, refuse);
}

const CHARACTERS: TextLayout = {
  ...{ length: 6, symbols: [" ", "a", "b", "é", "😀"], padding: " ", separator: "" },
  ...{ reverse: false, normalize: "none" },
};

/** Layouts with every kind of padding, reversal, separator and form, and texts that each can read. */
const CASES: readonly (readonly [Partial<TextLayout>, readonly string[]])[] = [
  ...([false, true, "text"] as const).map((reverse) =>
    [{ reverse }, ["a", "ab", "ba 😀", "a b", "ééaabb"]] as const
  ),
  [{ padding: null, length: 3, reverse: true }, ["aab", "a b"]],
  [{ padding: null, length: 3, reverse: "text" }, ["aab", "a b"]],
  [
    { symbols: ["", "a", "\uFFFD"], padding: "", reverse: "text" },
    ["axa", "zzz", " a", "\uFFFD"],
  ],
  [
    { symbols: ["", "AH0", "B", "\uFFFD"], padding: "", separator: " " },
    ["B AH0", "B AH1 B", "B  B"],
  ],
  [{ normalize: "NFC" }, ["e\u0301", "é"]],
  [{ symbols: [" ", "e", "\u0301"], normalize: "NFD", reverse: true }, ["é", "ee\u0301"]],
];

Deno.test("the JavaScript of the examples encodes and decodes texts as we do", () => {
  for (const [changed, texts] of CASES) {
    const layout = { ...CHARACTERS, ...changed };
    const codec = createTextCodec(layout);
    const { encode, decode } = runTexts(layout);
    for (const text of texts) {
      const indices = new Uint8Array(layout.length);
      codec.write(text, indices, 0);
      assertEquals(encode(text, layout), [...indices], text);
      assertEquals(decode([...indices], layout), codec.read(indices), text);
    }
    for (let first = 0; first < layout.symbols.length; first++) {
      const indices = Array.from({ length: layout.length }, (_, i) => i % 2 === 0 ? first : 0);
      assertEquals(decode(indices, layout), codec.read(indices));
    }
  }
});

Deno.test("the JavaScript of the examples refuses what it cannot read in a sentence", () => {
  const refused: readonly (readonly [Partial<TextLayout>, string, string])[] = [
    [{}, "abx", 'Cannot read "abx": it has a symbol that the model does not know'],
    [{}, "aaaabbbb", 'Cannot read "aaaabbbb": it has 8 symbols, the model reads 6'],
    [{ padding: null }, "aa", 'Cannot read "aa": it has 2 symbols, the model reads 6'],
    [{}, "", 'Cannot read "": a question must not be empty'],
    [{}, "  ", 'Cannot read "  ": a question must not be empty'],
    [{ separator: ";" }, ";", 'Cannot read ";": a question must not be empty'],
    [{ symbols: [" ", "a", "\tPL"] }, "a", "This program reads no features"],
    [{ symbols: [" ", "a", "\uFDD0"] }, "a", "This model answers with edits"],
  ];
  for (const [changed, text, sentence] of refused) {
    const layout = { ...CHARACTERS, ...changed };
    assertThrows(() => runTexts(layout).encode(text, layout), RangeError, sentence);
  }
});
