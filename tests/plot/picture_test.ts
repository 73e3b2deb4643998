import { characterLayout, type Layout } from "../../src/codec/layout.ts";
import { assert, assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import { CELLS, type GivenModelConfig } from "../../src/network/config.ts";
import { drawModel } from "../../src/plot/picture.ts";

const NOTEBOOK: GivenModelConfig = {
  cell: "lstm",
  hiddenSize: 128,
  layers: 1,
  ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
};
function withCharacters(characters: string): Layout {
  return characterLayout(characters, { inputLength: 7, outputLength: 4 });
}

const LARGEST: GivenModelConfig = {
  ...NOTEBOOK,
  hiddenSize: 8192,
  layers: 64,
  ...characterLayout(" +0123456789", { inputLength: 4096, outputLength: 4096 }),
};

Deno.test("drawModel() writes the notebook's layers, parameters and shapes in order", () => {
  assertEquals(textsOf(drawModel(NOTEBOOK)).map(({ text }) => text), [
    "LSTM encoder–decoder, 205,324 parameters",
    ...["lstm_input (InputLayer)", "0 parameters"],
    ...["input:", "(None, 7, 12)", "output:", "(None, 7, 12)"],
    ...["lstm (LSTM)", "72,192 parameters"],
    ...["input:", "(None, 7, 12)", "output:", "(None, 128)"],
    ...["repeat_vector (RepeatVector)", "0 parameters"],
    ...["input:", "(None, 128)", "output:", "(None, 4, 128)"],
    ...["lstm_1 (LSTM)", "131,584 parameters"],
    ...["input:", "(None, 4, 128)", "output:", "(None, 4, 128)"],
    ...["time_distributed (TimeDistributed(Dense))", "1,548 parameters"],
    ...["input:", "(None, 4, 128)", "output:", "(None, 4, 12)"],
    ...["activation (Activation(softmax))", "0 parameters"],
    ...["input:", "(None, 4, 12)", "output:", "(None, 4, 12)"],
  ]);
});

Deno.test("drawModel() counts a character outside the basic plane once", () => {
  const texts = textsOf(drawModel({ ...NOTEBOOK, ...withCharacters(" 😀") })).map(({ text }) =>
    text
  );
  assert(texts.includes("(None, 7, 2)"));
});

Deno.test("drawModel() draws the same picture for the same model, and another for another", () => {
  assertEquals(drawModel(NOTEBOOK), drawModel({ ...NOTEBOOK }));
  assertNotEquals(drawModel(NOTEBOOK), drawModel({ ...NOTEBOOK, hiddenSize: 127 }));
});

Deno.test("drawModel() closes every element that it opens", () => {
  for (const cell of CELLS) {
    const svg = drawModel({ ...NOTEBOOK, cell, ...withCharacters(` "&'<>`) });
    const open: string[] = [];
    for (const [, closing, name, empty] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (closing) assertEquals(open.pop(), name);
      else if (!empty) open.push(name!);
    }
    assertEquals(open, []);
  }
});

Deno.test("drawModel() escapes texts", () => {
  const withoutTags = drawModel(NOTEBOOK).replaceAll(/<\/?[a-z]+(?: [\w-]+="[^"<>&]*")*\/?>/gi, "");
  assertEquals(withoutTags.match(/[<>"]|&(?!amp;|lt;|gt;|quot;)/), null);
});

Deno.test("drawModel() is an image with a title for a screen reader", () => {
  assertMatch(drawModel(NOTEBOOK), /^<svg [^>]*role="img"[^>]*>\n<title>LSTM encoder–decoder, /);
});

Deno.test("drawModel() has a background that covers the picture", () => {
  const svg = drawModel(NOTEBOOK);
  const { width, height } = sizeOf(svg);
  assertMatch(
    svg,
    new RegExp(`<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}"[^>]* fill="#fff`),
  );
});

Deno.test("drawModel() draws one arrow fewer than boxes", () => {
  for (const layers of [1, 64]) {
    const svg = drawModel({ ...NOTEBOOK, layers });
    assertEquals(svg.match(/<g /g)?.length, layers + 5);
    assertEquals(svg.match(/L[^"]*Z"/g)?.length, layers + 4);
  }
});

Deno.test("drawModel() keeps every text within its column", () => {
  for (const cell of CELLS) {
    for (const config of [NOTEBOOK, LARGEST]) {
      const svg = drawModel({ ...config, cell });
      const [, label, shape, end] = svg.match(/<path d="M(\d+) 0V\d+M(\d+) 0V.*?H(\d+)"/)!;
      const edges = [Number(label), Number(shape), Number(end)];
      const [heading, ...texts] = textsOf(svg);
      assert(heading!.x + heading!.width < sizeOf(svg).width);
      for (const { text, x, width } of texts) {
        const edge = edges.find((edge) => edge > x);
        assert(edge !== undefined && x + width + 8 <= edge, `"${text}" leaves its column`);
      }
    }
  }
});

Deno.test("drawModel() ends below its last box", () => {
  for (const config of [NOTEBOOK, LARGEST]) {
    const svg = drawModel(config);
    const last = [...svg.matchAll(/translate\(\d+ (\d+)\)/g)].at(-1)!;
    assertEquals(sizeOf(svg).height, Number(last[1]) + 64 + 24);
  }
});

const ATTENTION: GivenModelConfig = {
  ...{ ...NOTEBOOK, decoder: "attention", hiddenSize: 64, embeddingSize: 32 },
  ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4 }),
};

Deno.test("drawModel() draws the branches of source and target, and what they meet in", () => {
  assertEquals(textsOf(drawModel(ATTENTION)).map(({ text }) => text), [
    "LSTM encoder–decoder with attention, 55,372 parameters",
    ...["embedding_input (InputLayer)", "0 parameters"],
    ...["input:", "(None, 7)", "output:", "(None, 7)"],
    ...["embedding (Embedding)", "384 parameters"],
    ...["input:", "(None, 7)", "output:", "(None, 7, 32)"],
    ...["bidirectional (Bidirectional(LSTM))", "16,640 parameters"],
    ...["input:", "(None, 7, 32)", "output:", "(None, 7, 64)"],
    ...["embedding_1_input (InputLayer)", "0 parameters"],
    ...["input:", "(None, 4)", "output:", "(None, 4)"],
    ...["embedding_1 (Embedding)", "384 parameters"],
    ...["input:", "(None, 4)", "output:", "(None, 4, 32)"],
    ...["lstm (LSTM)", "24,832 parameters"],
    ...["input:", "(None, 4, 32)", "output:", "(None, 4, 64)"],
    ...["attention (LuongAttention)", "12,352 parameters"],
    ...["input:", "(None, 4, 64), (None, 7, 64)", "output:", "(None, 4, 64)"],
    ...["time_distributed (TimeDistributed(Dense))", "780 parameters"],
    ...["input:", "(None, 4, 64)", "output:", "(None, 4, 12)"],
    ...["activation (Activation(softmax))", "0 parameters"],
    ...["input:", "(None, 4, 12)", "output:", "(None, 4, 12)"],
  ]);
});

Deno.test("drawModel() keeps the boxes of two branches apart and within the picture", () => {
  for (const [encoderLayers, layers] of [[1, 1], [3, 1], [1, 3]] as const) {
    const svg = drawModel({ ...ATTENTION, encoderLayers, layers });
    const { width, height } = sizeOf(svg);
    const boxWidth = Number(svg.match(/<rect width="(\d+)"/)![1]);
    const places = [...svg.matchAll(/translate\(([\d.]+) ([\d.]+)\)/g)].map(([, x, y]) => ({
      x: Number(x),
      y: Number(y),
    }));
    assertEquals(places.length, 2 + 2 + encoderLayers + layers + 3);
    for (const [i, a] of places.entries()) {
      assert(a.x >= 24 && a.x + boxWidth <= width - 24 && a.y + 64 <= height - 24);
      for (const b of places.slice(i + 1)) {
        assert(Math.abs(a.x - b.x) >= boxWidth || Math.abs(a.y - b.y) >= 64 + 32);
      }
    }
    assertEquals(svg.match(/stroke-dasharray/g)?.length, layers); // each begins with the encoder's state
  }
});

Deno.test("drawModel() refuses a shape that no model can have", () => {
  assertThrows(() => drawModel({ ...NOTEBOOK, layers: 65 }), RangeError, "layers must be");
});

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = svg.match(/^<svg [^>]*?width="(\d+)" height="(\d+)"/)!;
  return { width: Number(width), height: Number(height) };
}

function textsOf(svg: string): { text: string; x: number; width: number }[] {
  const pattern = /<text x="([\d.]+)"[^>]* textLength="([\d.]+)"[^>]*>([^<]*)<\/text>/g;
  return [...svg.matchAll(pattern)].map(([, x, width, text]) => ({
    text: text!,
    x: Number(x),
    width: Number(width),
  }));
}
