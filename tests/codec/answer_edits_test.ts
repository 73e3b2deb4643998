import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  applyEdits,
  type EditedTexts,
  hasEditSymbol,
  readWritten,
  traceEdits,
  writeEdits,
  writesEdits,
} from "../../src/codec/answer_edits.ts";
import { NORMALIZATIONS, normalizeText, type TextLayout } from "../../src/codec/layout.ts";
import { showSymbol } from "../../src/codec/show_symbol.ts";

const PLAIN: EditedTexts = { separator: "", normalize: "NFC" };

/** Writes edits with visible symbols. */
const show = (question: string, answer: string, texts = PLAIN): string =>
  Array.from(writeEdits(question, answer, texts), showSymbol).join("");

Deno.test("an answer is written as the part of its question that is kept, and what is left out and added", () => {
  const cases = [
    ["előbőr\tN;ACC;PL", "előbőröket", "≡öket"],
    ["ბურჟუა", "ბურჟუათა", "≡თა"],
    ["გოგო", "მოგოვს", "მ⌦≡ვს"],
    ["machen", "gemacht", "ge≡⌫⌫t"],
    ["abcd", "bc", "⌦≡⌫"],
    ["go\tV;PST", "went", "went"],
    ["be", "bx", "bx"],
    ["a", "ab", "≡b"],
    ["ab", "", ""],
    ["ababx", "abaab", "≡⌫⌫ab"],
  ] as const;
  for (const [question, answer, expected] of cases) {
    assertEquals(show(question, answer), expected, `${question} → ${answer}`);
  }
  assertEquals(show("ſ o ŋ", "s o ŋ s", { separator: " ", normalize: "NFC" }), "s␣⌦␣≡␣s");
});

Deno.test("edits give back every answer that was written by them", () => {
  const unit = fc.constantFrom(..."abcé ", "e\u0301", "\u0301", "각", "ᄀ", "😀", "𐌷", "\u0323");
  const text = fc.oneof(fc.string({ unit, maxLength: 8 }), fc.string({ unit: "binary" }))
    .filter((each) => !hasEditSymbol(each) && !/[\t\ufffd]/.test(each) && each.isWellFormed());
  fc.assert(
    fc.property(
      ...[text, text, fc.constantFrom("", " ", "ab"), fc.constantFrom(...NORMALIZATIONS)] as const,
      fc.boolean(),
      (question, answer, separator, normalize, hasFeatures) => {
        const texts = { separator, normalize };
        const asked = hasFeatures ? `${question}\tV;PST` : question;
        const written = writeEdits(asked, answer, texts);
        assertEquals(written, normalizeText(written, normalize)); // a codec converts it again
        assertEquals(applyEdits(asked, written, texts), normalizeText(answer, normalize));
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("whatever a model writes has a text: every symbol of an edit counts wherever it stands", () => {
  assertEquals(applyEdits("abc", "\uFDD2x\uFDD0y\uFDD1", PLAIN), "xby");
  assertEquals(applyEdits("abc", "\uFDD0-\uFDD0", PLAIN), "abc-abc");
  assertEquals(applyEdits("abc", "\uFDD1\uFDD1\uFDD1\uFDD1\uFDD0\uFDD2z", PLAIN), "z");
  assertEquals(applyEdits("abc", "\uFDD1x", PLAIN), "x");
  const unit = fc.constantFrom("\uFDD0", "\uFDD1", "\uFDD2", "a", "b");
  const text = fc.string({ unit, maxLength: 12 });
  fc.assert(
    fc.property(text, fc.string({ unit: fc.constantFrom("a", "b") }), (written, question) => {
      const made = traceEdits(question, Array.from(written), PLAIN);
      assert(!hasEditSymbol(applyEdits(question, written, PLAIN)));
      for (const { symbol, from } of made) {
        assert(written[from] === "\uFDD0" ? question.includes(symbol) : written[from] === symbol);
      }
    }),
  );
});

Deno.test("very long texts are written as they are", () => {
  const question = "ab".repeat(200);
  assertEquals(writeEdits(question, `${question}c`, PLAIN), `${question}c`);
});

Deno.test("an answer with a symbol that stands for an edit is refused", () => {
  const found = assertThrows(() => writeEdits("ab", "a\uFDD1", PLAIN), SyntaxError);
  assert(found.message.includes("it must have no character from U+FDD0 to U+FDD2"));
});

Deno.test("a layout without the symbol of the kept part has texts", () => {
  const layout: TextLayout = {
    ...{ length: 4, symbols: ["", "a", "\uFDD1"], padding: "", separator: "" },
    ...{ reverse: false, normalize: "NFC" },
  };
  assertEquals(writesEdits(layout), false);
  assertEquals(readWritten("aa", "a\uFDD1", layout), "a\uFDD1");
  assertEquals(readWritten("aa", "\uFDD0a", { ...layout, symbols: ["", "a", "\uFDD0"] }), "aaa");
});
