/** Checkpoints of models whose texts are laid out in every way, and questions that they can read. @module */
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import type { Layout, TextLayout } from "../../src/codec/layout.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { readParameters } from "../../src/model/model_parameters.ts";
import { CELLS, type GivenModelShape } from "../../src/network/config.ts";
import { resolveProblem } from "../../src/problem/registry.ts";
import { makeCheckpoint } from "./exported_models.ts";

/** A layout, and questions for it. */
interface LaidOut {
  readonly layout: Layout;
  readonly questions: readonly string[];
}

const PLAIN: TextLayout = {
  ...{ length: 6, symbols: ["", "a", "b", "c", "\uFFFD"], padding: "", separator: "" },
  ...{ reverse: false, normalize: "none" },
};
const WORDS: TextLayout = {
  ...{ length: 4, symbols: ["", "AH0", "B", "OW1"], padding: "", separator: " " },
  ...{ reverse: false, normalize: "NFC" },
};

/** Every kind of padding, reversal, separator and form, and symbols that are unknown. */
const LAID_OUT: readonly LaidOut[] = [
  {
    layout: { source: { ...PLAIN, reverse: "text" }, target: { ...WORDS, reverse: "text" } },
    questions: ["a", "abc", "abccba", "axb", "😀"],
  },
  {
    layout: {
      source: { ...WORDS, reverse: true },
      target: { ...PLAIN, symbols: ["é", "b", " "], padding: " ", reverse: true },
    },
    questions: ["B", "AH0 B", "OW1 OW1 AH0 B"],
  },
  {
    layout: {
      source: { ...PLAIN, symbols: ["e", "\u0301", "-"], padding: "-", normalize: "NFD" },
      target: { ...PLAIN, padding: null, symbols: ["x", "y", "日"] },
    },
    questions: ["é", "e\u0301e", "ééé"],
  },
];

/** A model, and questions that it can read. */
export interface AskedModel {
  readonly checkpoint: Checkpoint;
  readonly questions: readonly string[];
}

/** Makes a model of every cell, with 1 to 3 decoder layers, and every layout. */
export async function makeAskedModels(): Promise<AskedModel[]> {
  return await Promise.all(LAID_OUT.map(async ({ layout, questions }, i) => ({
    checkpoint: await makeLaidOut(layout, { cell: CELLS[i]!, hiddenSize: 9, layers: i + 1 }),
    questions,
  })));
}

/** Makes a checkpoint of a model that has learned nothing. Its numbers are large, so that its answers differ. */
async function makeLaidOut(layout: Layout, shape: GivenModelShape): Promise<Checkpoint> {
  const checkpoint = await makeCheckpoint({ steps: 0 });
  const device = await chooseDevice("cpu", { threads: 1 });
  using model = await createModel({ ...shape, ...layout }, { device, seed: 7 });
  const parameters = (await readParameters(model)).map(({ values, ...tensor }) => ({
    ...{ ...tensor, values: values.map((value) => 4 * value) },
  }));
  const problem = resolveProblem({ name: "pairs" });
  return { ...checkpoint, problem, model: model.config, parameters, moments: [] };
}
