import { assertEquals } from "@std/assert";
import type { Reversal, TextLayout } from "../../src/codec/layout.ts";
import { createTextCodec } from "../../src/codec/text_codec.ts";
import { readSymbolProbabilities } from "../../src/model/answer.ts";
import { readAttention } from "../../src/model/answer_attention.ts";

function layout(reverse: Reversal): TextLayout {
  return {
    ...{ length: 4, symbols: [" ", ..."abc"], padding: " ", separator: "" },
    ...{ reverse, normalize: "none" },
  };
}

Deno.test("probabilities and attention of an answer are in the order in which people write it", () => {
  for (const [reverse, characters] of [[false, [1, 2, 3, 0]], ["text", [3, 2, 1, 0]]] as const) {
    const target = createTextCodec(layout(reverse));
    const indices = Uint8Array.from(characters);
    assertEquals(target.read(indices), "abc");
    const confidence = Float32Array.from(characters, (index) => index / 4);
    assertEquals(
      readSymbolProbabilities(target, { characters: indices, confidence }, {
        question: "",
        row: 0,
      }),
      [
        ...[0.25, 0.5, 0.75],
      ],
    );
    for (const asked of [false, true, "text"] as const) {
      const source = createTextCodec(layout(asked));
      const question = new Uint8Array(4);
      source.write("cb", question, 0);
      // Each symbol of the answer looks at the question's symbol at the position of which the index is the same.
      const attention = new Float32Array(16);
      characters.forEach((index, t) => {
        const at = question.indexOf(index);
        if (index > 0 && at >= 0) attention[4 * t + at] = 1;
      });
      assertEquals(readAttention({ source, target }, "cb", { characters: indices, attention }), {
        ...{ question: ["c", "b"], answer: ["a", "b", "c"] },
        weights: [[0, 0], [0, 1], [1, 0]],
      });
    }
  }
});
