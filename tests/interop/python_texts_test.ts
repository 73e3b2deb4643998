import { assert, assertEquals, assertRejects } from "@std/assert";
import type { TextLayout } from "../../src/codec/layout.ts";
import { createTextCodec } from "../../src/codec/text_codec.ts";
import { PYTHON_TEXTS } from "../../src/interop/python_texts.ts";
import { hasPython, runPython } from "./python.ts";

const hasAnyPython = hasPython();

/** Encodes texts as sources, and decodes indices as targets: the argument is JSON. */
const PROGRAM = String.raw`
import json, sys, unicodedata
cases = json.loads(sys.argv[1])
results = []
for case in cases:
    description = {"model": {"source": case["layout"], "target": case["layout"]}}
    exec(${JSON.stringify(PYTHON_TEXTS)})
    encoded = [encode(text, source) for text in case["texts"]]
    results.append([encoded, [decode(indices, target) for indices in encoded]])
print(json.dumps(results))
`;

const CHARACTERS: TextLayout = {
  ...{ length: 6, symbols: [" ", "a", "b", "é", "😀"], padding: " ", separator: "" },
  ...{ reverse: false, normalize: "none" },
};

/** Layouts with every kind of padding, reversal, separator and form, and texts that each can read. */
const CASES: readonly { readonly layout: TextLayout; readonly texts: readonly string[] }[] = [
  ...([false, true, "text"] as const).map((reverse) => ({
    ...{ layout: { ...CHARACTERS, reverse }, texts: ["a", "ab", "ba 😀", "a b", "ééaabb"] },
  })),
  { layout: { ...CHARACTERS, padding: null, length: 3, reverse: true }, texts: ["aab", "a b"] },
  {
    layout: { ...CHARACTERS, symbols: ["", "a", "\uFFFD"], padding: "", reverse: "text" },
    texts: ["axa", "zzz", " a"],
  },
  {
    layout: { ...CHARACTERS, symbols: ["", "AH0", "B", "\uFFFD"], padding: "", separator: " " },
    texts: ["B AH0", "B AH1 B", "B  B"],
  },
  { layout: { ...CHARACTERS, normalize: "NFC" }, texts: ["e\u0301", "é"] },
  {
    layout: { ...CHARACTERS, symbols: [" ", "e", "\u0301"], normalize: "NFD", reverse: true },
    texts: ["é", "ee\u0301"],
  },
];

Deno.test({
  name: "the Python of the examples encodes and decodes texts as we do (needs python3)",
  ignore: !hasAnyPython,
  async fn(): Promise<void> {
    const results = JSON.parse(await runPython(PROGRAM, JSON.stringify(CASES)));
    CASES.forEach(({ layout, texts }, i) => {
      const codec = createTextCodec(layout);
      const encoded = texts.map((text) => {
        const indices = new Uint8Array(layout.length);
        codec.write(text, indices, 0);
        return [...indices];
      });
      assertEquals(results[i], [encoded, encoded.map((indices) => codec.read(indices))]);
    });
  },
});

Deno.test({
  name: "the Python of the examples refuses what it cannot read in a sentence (needs python3)",
  ignore: !hasAnyPython,
  async fn(): Promise<void> {
    const refused: readonly (readonly [Partial<TextLayout>, string, string])[] = [
      [{}, "abx", "Cannot read 'abx': it has a symbol that the model does not know"],
      [{}, "aaaabbbb", "Cannot read 'aaaabbbb': it has 8 symbols, the model reads 6"],
      [{ padding: null }, "aa", "Cannot read 'aa': it has 2 symbols, the model reads 6"],
      [{}, "", "Cannot read '': a question must not be empty"],
      [{}, "  ", "Cannot read '  ': a question must not be empty"],
      [{ separator: ";" }, ";", "Cannot read ';': a question must not be empty"],
      [{ symbols: [" ", "a", "\tPL"] }, "a", "This program reads no features"],
      [{ symbols: [" ", "a", "\uFDD0"] }, "a", "This model answers with edits"],
    ];
    for (const [changed, text, sentence] of refused) {
      const cases = [{ layout: { ...CHARACTERS, ...changed }, texts: [text] }];
      const error = await assertRejects(() => runPython(PROGRAM, JSON.stringify(cases)), Error);
      assert(error.message.includes(`\n${sentence}`), error.message);
    }
  },
});
