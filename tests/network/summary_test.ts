import { assertEquals, assertMatch } from "@std/assert";
import { characterLayout } from "../../src/codec/layout.ts";
import { describeLayers } from "../../src/network/layers.ts";
import { countModelParameters } from "../../src/model/create_model.ts";
import { summarizeModel } from "../../src/network/summary.ts";
import { layOutTexts, TINY_MODEL } from "../tiny_training.ts";

const NOTEBOOK = { ...TINY_MODEL, hiddenSize: 128, ...layOutTexts(7, 4) };

Deno.test("summarizeModel() prints the notebook's table", () => {
  const summary = summarizeModel(NOTEBOOK);
  assertMatch(summary, /lstm \(LSTM\) +\(None, 128\) +72,192\n/);
  assertMatch(summary, /repeat_vector \(RepeatVector\) +\(None, 4, 128\) +0\n/);
  assertMatch(summary, /lstm_1 \(LSTM\) +\(None, 4, 128\) +131,584\n/);
  assertMatch(summary, /time_distributed \(TimeDistributed\(Dense\)\) +\(None, 4, 12\) +1,548\n/);
  assertMatch(summary, /Total params: 205,324$/);
});

Deno.test("summarizeModel() counts the symbols of sources in the encoder, and those of targets in the dense layer", () => {
  const { source, target } = characterLayout("abcdefghij ", { inputLength: 9, outputLength: 4 });
  const table = { symbols: ["", "x", "y", "z"], padding: "" };
  const summary = summarizeModel({ ...NOTEBOOK, source, target: { ...target, ...table } });
  assertMatch(summary, /lstm \(LSTM\) +\(None, 128\) +71,680\n/); // 4 · 128 · (11 + 128 + 1)
  assertMatch(summary, /time_distributed \(.*\) +\(None, 4, 4\) +516\n/); // 128 · 4 + 4
  assertMatch(summary, /activation \(Activation\(softmax\)\) +\(None, 4, 4\) +0\n/);
});

Deno.test("countModelParameters() counts the other cells as Keras does", () => {
  // Keras' formulas: gates · H · (I + H + 1) a recurrent layer, H · V + V for the dense one
  assertEquals(countModelParameters({ ...NOTEBOOK, cell: "gru" }), 54_144 + 98_688 + 1548);
  assertEquals(countModelParameters({ ...NOTEBOOK, cell: "simple" }), 18_048 + 32_896 + 1548);
});

Deno.test("describeLayers() lists every decoder layer", () => {
  const names = describeLayers({ ...NOTEBOOK, layers: 3 }).map(({ name }) => name);
  assertEquals(names, [
    "lstm",
    "repeat_vector",
    "lstm_1",
    "lstm_2",
    "lstm_3",
    "time_distributed",
    "activation",
  ]);
});
