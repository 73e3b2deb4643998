/** Programs that use the bare parameters of a model: they compute it themselves. @module */
import { writeNodeHead, writePythonHead } from "../example_head.ts";
import type { Examples } from "../examples.ts";
import { JAVASCRIPT_TEXTS, QUESTIONS_IN_NODE, REFUSE_IN_NODE } from "../javascript_texts.ts";
import { PYTHON_QUESTIONS, PYTHON_TEXTS } from "../python_texts.ts";

/** What the programs say of a model with attention. */
const NO_ATTENTION = "This program computes no attention: export the model to ONNX to use it";

const NOTES = ["Without a question it lists the parameters of the model, and their shapes."];

const PYTHON_HEAD = writePythonHead({
  what: "Answers questions with NumPy",
  install: "pip install numpy safetensors",
  notes: NOTES,
});

const NODE_HEAD = writeNodeHead({
  what: "Answers questions without any package",
  notes: NOTES,
});

/**
 * Programs that answer with a safetensors file, or list its tensors if there is no question: in Python with NumPy, and in Node without
 * any package.
 *
 * @example
 * ```ts
 * import { SAFETENSORS_EXAMPLES } from "@carry/seq2seq/interop";
 *
 * console.log(SAFETENSORS_EXAMPLES.python!("model.safetensors"));
 * ```
 */
export const SAFETENSORS_EXAMPLES: Examples = {
  python: (file) =>
    String.raw`${PYTHON_HEAD}
import json
import sys
import unicodedata

import numpy as np
from safetensors import safe_open

FILE = ${JSON.stringify(file)}
with safe_open(FILE, framework="numpy") as opened:
    description = json.loads(opened.metadata()["carry"])
    tensors = {name: opened.get_tensor(name) for name in opened.keys()}
if not sys.argv[1:]:
    for name, tensor in tensors.items():
        print(name, *tensor.shape)
    sys.exit()
if description["model"]["decoder"] != "repeat":
    sys.exit("${NO_ATTENTION}")
${PYTHON_TEXTS}${PYTHON_QUESTIONS}

def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def recurrent(name, inputs):
    """Computes the hidden state after every input."""
    kernel, U, bias = (tensors[f"{name}/{part}"] for part in ("kernel", "recurrent_kernel", "bias"))
    h = c = np.zeros(len(U))
    states = []
    for x in inputs @ kernel + bias:
        if CELL == "lstm":
            i, f, g, o = np.split(x + h @ U, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        elif CELL == "gru":
            (x_z, x_r, x_g), (U_z, U_r, U_g) = np.split(x, 3), np.split(U, 3, axis=1)
            z, r = sigmoid(x_z + h @ U_z), sigmoid(x_r + h @ U_r)
            h = z * h + (1 - z) * np.tanh(x_g + (r * h) @ U_g)
        else:
            h = np.tanh(x + h @ U)
        states.append(h)
    return np.array(states)


def answer(indices):
    one_hot = np.eye(len(source["symbols"]))[indices]
    last = recurrent(BASE, one_hot)[-1]
    states = np.tile(last, (target["length"], 1))
    for layer in range(description["model"]["layers"]):
        states = recurrent(f"{BASE}_{layer + 1}", states)
    logits = states @ tensors["time_distributed/kernel"] + tensors["time_distributed/bias"]
    return decode(logits.argmax(axis=1), target)


CELL = description["model"]["cell"]
BASE = "simple_rnn" if CELL == "simple" else CELL
for indices in questions:
    print(answer(indices))
`,
  node: (file) =>
    String.raw`${NODE_HEAD}
import { readFile } from "node:fs/promises";

const bytes = new Uint8Array(await readFile(${JSON.stringify(file)}));
const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
const description = JSON.parse(header.__metadata__.carry);
if (process.argv.length === 2) {
  for (const [name, { shape }] of Object.entries(header)) if (shape) console.log(name, ...shape);
  process.exit();
}
${REFUSE_IN_NODE}
if (description.model.decoder !== "repeat") refuse("${NO_ATTENTION}");
${JAVASCRIPT_TEXTS}${QUESTIONS_IN_NODE}
/** Gives the values of a tensor. */
function read(name) {
  const [from, to] = header[name].data_offsets;
  return new Float32Array(bytes.slice(start + from, start + to).buffer);
}

/** Adds the product of a vector (I) and a kernel (I, O) to a vector (O). */
function addProduct(x, kernel, y) {
  const sum = Float64Array.from(y);
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < sum.length; j++) sum[j] += x[i] * kernel[i * sum.length + j];
  }
  return sum;
}

const { cell, layers, hiddenSize } = description.model;
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** Advances a cell by one input. */
const advance = {
  lstm([kernel, recurrentKernel, bias], x, { h, c }) {
    const z = addProduct(h, recurrentKernel, addProduct(x, kernel, bias));
    const [i, f, g, o] = [0, 1, 2, 3].map((gate) => z.subarray(gate * hiddenSize));
    c = c.map((value, j) => sigmoid(f[j]) * value + sigmoid(i[j]) * Math.tanh(g[j]));
    return { h: c.map((value, j) => sigmoid(o[j]) * Math.tanh(value)), c };
  },
  gru([kernel, recurrentKernel, bias], x, { h }) {
    const xW = addProduct(x, kernel, bias);
    const gates = addProduct(h, recurrentKernel, xW).map(sigmoid);
    const [z, r] = [gates, gates.subarray(hiddenSize)];
    const reset = h.map((value, j) => r[j] * value);
    const g = addProduct(reset, recurrentKernel, xW).subarray(2 * hiddenSize).map(Math.tanh);
    return { h: h.map((value, j) => z[j] * value + (1 - z[j]) * g[j]) };
  },
  simple([kernel, recurrentKernel, bias], x, { h }) {
    return { h: addProduct(h, recurrentKernel, addProduct(x, kernel, bias)).map(Math.tanh) };
  },
}[cell];

/** Makes a function that gives the hidden state after every input. */
function loadRecurrent(index) {
  const name = (cell === "simple" ? "simple_rnn" : cell) + (index === 0 ? "" : "_" + index);
  const tensors = ["kernel", "recurrent_kernel", "bias"].map((part) => read(name + "/" + part));
  return (inputs) => {
    let state = { h: new Float64Array(hiddenSize), c: new Float64Array(hiddenSize) };
    return inputs.map((x) => (state = advance(tensors, x, state)).h);
  };
}

const encoder = loadRecurrent(0);
const decoders = Array.from({ length: layers }, (_, i) => loadRecurrent(i + 1));
const [kernel, bias] = ["kernel", "bias"].map((part) => read("time_distributed/" + part));

/** Answers a question. */
function answer(indices) {
  const rows = indices.map((index) => source.symbols.map((_, j) => Number(j === index)));
  const last = encoder(rows).at(-1);
  let states = new Array(target.length).fill(last);
  for (const decoder of decoders) states = decoder(states);
  const logits = states.map((h) => addProduct(h, kernel, bias));
  return decode(logits.map((row) => row.indexOf(Math.max(...row))), target);
}

for (const indices of questions) console.log(answer(indices));
`,
};
