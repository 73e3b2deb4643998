/** Models of every kind for the tests of ONNX, with parameters that make their answers sharp. @module */
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { characterLayout, type Layout, type TextLayout, UNKNOWN } from "../../src/codec/layout.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Answers } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { encodeQuestions } from "../../src/model/question.ts";
import {
  type Cell,
  CELLS,
  checkModelConfig,
  type GivenModelShape,
} from "../../src/network/config.ts";
import { parameterShapes } from "../../src/network/parameters.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { makeCheckpoint } from "./exported_models.ts";

/** A kind of model: a name, a shape and a layout. */
export interface Kind {
  readonly name: string;
  readonly shape: GivenModelShape;
  readonly layout: Layout;
}

const SUMS = characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true });

/** Changes a layout on both sides. */
function changeLayout(
  source: Partial<TextLayout>,
  target: Partial<TextLayout>,
  layout: Layout = SUMS,
): Layout {
  return {
    source: { ...layout.source, ...source },
    target: { ...layout.target, ...target },
  };
}

const FORWARD = changeLayout({ reverse: false }, {});
const UNPADDED = changeLayout(
  { symbols: [..."+0123456789"], padding: null, reverse: false },
  { symbols: [..."0123456789"], padding: null },
);

/** Every cell, decoder, number of layers and direction; and every layout that changes the graph. */
export const KINDS: readonly Kind[] = CELLS.flatMap((cell): Kind[] => {
  const repeat = (layers: number): Kind => ({
    ...{ name: `${cell} ${layers}`, shape: { cell, hiddenSize: 20, layers }, layout: SUMS },
  });
  const attention = (
    about: string,
    given: Partial<GivenModelShape>,
    layout = FORWARD,
  ): Kind => ({
    name: `${cell} attention ${about}`,
    shape: { cell, hiddenSize: 20, layers: 1, decoder: "attention", ...given },
    layout,
  });
  return [
    ...[1, 2, 3].map(repeat),
    { ...repeat(1), name: `${cell} 1 unpadded`, layout: UNPADDED },
    attention("1 and 1", { bidirectional: false }),
    attention("2 and 3", { bidirectional: false, encoderLayers: 2, layers: 3 }),
    attention("bidirectional 1 and 1", {}),
    attention("bidirectional 3 and 2", { encoderLayers: 3, layers: 2, embeddingSize: 7 }),
    attention("reversed sources", { encoderLayers: 2 }, SUMS),
    attention(
      "reversed sources, forward",
      { encoderLayers: 2, bidirectional: false },
      SUMS,
    ),
    attention("reversed texts", {}, changeLayout({ reverse: "text" }, { reverse: "text" })),
    attention("unpadded", {}, UNPADDED),
    attention("one position", {}, changeLayout({ length: 1 }, { length: 1 })),
  ];
});

/** Symbols of several characters, some composed; unknown ones; padding that no text can contain. */
const TOKENS: TextLayout = {
  ...{ length: 6, symbols: ["", "a", "bc", "\u00e9", "\u{1f600}", "\ufffd"], padding: "" },
  ...{ separator: " ", reverse: "text", normalize: "NFC" },
};

/** Every layout that the programs must read and write. */
export const EXAMPLE_KINDS: readonly Kind[] = [
  { name: "sums", shape: { cell: "lstm", hiddenSize: 16, layers: 1 }, layout: SUMS },
  {
    name: "padding before answers",
    shape: { cell: "gru", hiddenSize: 16, layers: 2 },
    layout: changeLayout({}, { reverse: true }),
  },
  {
    name: "tokens",
    shape: { cell: "simple", hiddenSize: 24, layers: 1, decoder: "attention" },
    layout: { source: TOKENS, target: { ...TOKENS, length: 5 } },
  },
  {
    name: "decomposed characters",
    shape: { cell: "lstm", hiddenSize: 16, layers: 1, decoder: "attention" },
    layout: changeLayout(
      { symbols: [" ", "a", "e", "\u0301"], normalize: "NFD" },
      { symbols: [" ", "a", "e", "\u0301"], normalize: "NFC" },
      FORWARD,
    ),
  },
  { name: "no padding", shape: { cell: "simple", hiddenSize: 16, layers: 1 }, layout: UNPADDED },
];

/** Largest number in a kernel of a cell: with smaller ones all questions have about the same answer. */
const LARGEST: Readonly<Record<Cell, number>> = { lstm: 1.2, gru: 0.8, simple: 0.5 };

/** Gives the checkpoint of a kind, with drawn parameters: no bias is zero, and answers differ. */
export async function makeKind({ shape, layout }: Kind): Promise<Checkpoint> {
  const model = checkModelConfig({ ...shape, ...layout });
  const parameters = parameterShapes(model).map(({ name, shape }) => {
    const prng = forkPrng(5, name);
    const size = shape.reduce((a, b) => a * b, 1);
    const most = /embedding|time_distributed/.test(name) ? 2 : LARGEST[model.cell];
    const values = Float32Array.from({ length: size }, () => (2 * prng.nextFloat() - 1) * most);
    return { name, shape, values };
  });
  return { ...await makeCheckpoint({ steps: 0 }), model, parameters };
}

/** The form of questions that a model converts. */
const OTHER_FORM = { NFC: "NFD", NFD: "NFC" } as const;

/**
 * Draws questions: texts of any length that fits, with padding within some, and the empty one if there may be one. Unknown symbols are
 * among them if the model reads such, and no text is in the form to which it converts them.
 */
export function drawQuestions({ source }: Layout, count: number): string[] {
  const prng = forkPrng(7, "questions");
  const known = source.symbols.filter((symbol) => symbol !== "")
    .map((symbol) => symbol === UNKNOWN ? "unknown" : symbol);
  return Array.from({ length: count }, (_, i) => {
    const { length: most, padding } = source;
    const length = padding === null ? most : i === 0 ? 0 : prng.nextInt(most + 1);
    const symbols = Array.from({ length }, () => known[prng.nextInt(known.length)]!);
    const text = symbols.join(source.separator);
    return source.normalize === "none" ? text : text.normalize(OTHER_FORM[source.normalize]);
  });
}

/** What a model answers to questions, symbol by symbol. */
export interface Answered {
  /** uint8 (N, T_in) */
  readonly sources: Uint8Array;
  readonly answers: Answers;
  /** What a network with attention looks at until the answers end, float32 (N, T_out, T_in); undefined without attention. */
  readonly attention: Float32Array | undefined;
}

/** Answers questions on the processor. */
export async function answerQuestions(
  { model: config, parameters }: Checkpoint,
  questions: readonly string[],
): Promise<Answered> {
  const device = await chooseDevice("cpu", { threads: 1 });
  using model = await createModel(config, { device, parameters });
  const { executor } = model;
  const sources = encodeQuestions(model, questions);
  const answers = await executor.answer(sources, { probabilities: true });
  if (config.decoder === "repeat") return { sources, answers, attention: undefined };
  const [N, T, positions] = [questions.length, config.target.length, config.source.length];
  const attention = new Float32Array(N * T * positions);
  const padding = config.target.symbols.indexOf(config.target.padding ?? "none");
  using decoding = executor.decode(sources);
  const parents = Uint32Array.from({ length: N }, (_, i) => i);
  for (let t = 0; t < T; t++) {
    const at = (i: number): number => answers.characters[i * T + t - 1]!;
    const step = await decoding.step(
      t === 0 ? undefined : { parents, symbols: Uint8Array.from(parents, at) },
    );
    for (let i = 0; i < N; i++) {
      if (t > 0 && at(i) === padding) continue;
      const row = step.attention.subarray(i * positions, (i + 1) * positions);
      attention.set(row, (i * T + t) * positions);
    }
  }
  return { sources, answers, attention };
}
