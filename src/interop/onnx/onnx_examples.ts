/** Programs that use files of ONNX. @module */
import { writeNodeHead, writePythonHead } from "../example_head.ts";
import { writePage } from "../example_page.ts";
import type { Examples } from "../examples.ts";
import { JAVASCRIPT_TEXTS, QUESTIONS_IN_NODE, REFUSE_IN_NODE } from "../javascript_texts.ts";
import { PYTHON_QUESTIONS, PYTHON_TEXTS } from "../python_texts.ts";

/** The release of ONNX Runtime that the programs in JavaScript are tested with. */
const VERSION = "1.30.0";

const HEAD = {
  what: "Answers questions with ONNX Runtime",
  notes: [
    "The file of a model with attention takes the most probable symbol at every position, where predict",
    "searches with a beam of 5: some answers may differ.",
  ],
};

/**
 * Programs that answer with a file of `exportOnnx()`: in Python, in Node, and in a page that is served beside the file. ONNX Runtime
 * gives a file's metadata in Python, but not in JavaScript, where the programs read it from the file's bytes.
 *
 * @example
 * ```ts
 * import { ONNX_EXAMPLES } from "@carry/seq2seq/interop";
 *
 * console.log(ONNX_EXAMPLES.python!("model.onnx"));
 * ```
 */
export const ONNX_EXAMPLES: Examples = {
  python: (file) =>
    `${writePythonHead({ ...HEAD, install: "pip install onnxruntime" })}
import json
import sys
import unicodedata

import numpy as np
import onnxruntime

FILE = ${JSON.stringify(file)}
session = onnxruntime.InferenceSession(FILE, providers=["CPUExecutionProvider"])
description = json.loads(session.get_modelmeta().custom_metadata_map["carry"])
${PYTHON_TEXTS}${PYTHON_QUESTIONS}
for answer in session.run(["target"], {"source": np.array(questions, dtype=np.int64)})[0]:
    print(decode(answer, target))
`,
  node: (file) =>
    `${writeNodeHead({ ...HEAD, install: `npm install onnxruntime-node@${VERSION}` })}
import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-node";
${REFUSE_IN_NODE}
const bytes = await readFile(${JSON.stringify(file)});
const session = await ort.InferenceSession.create(bytes);
${READ_DESCRIPTION}${JAVASCRIPT_TEXTS}${QUESTIONS_IN_NODE}${ANSWER}
for (const indices of questions) console.log(await answer(indices));
`,
  browser: (file) =>
    writePage({
      ...{ ...HEAD, file },
      library: {
        name: "ort",
        address: `https://cdn.jsdelivr.net/npm/onnxruntime-web@${VERSION}/dist/ort.wasm.min.mjs`,
      },
      script: `const bytes = new Uint8Array(await (await load(file)).arrayBuffer());
const session = await ort.InferenceSession.create(bytes);
${READ_DESCRIPTION}${JAVASCRIPT_TEXTS}${ANSWER}`,
    }),
};

/** JavaScript that defines `description` with the `bytes` of a file. */
const READ_DESCRIPTION = `
/** Gives number and bytes of every field of a message of Protocol Buffers that is a text or a message. */
function* readFields(message) {
  let at = 0;
  function readNumber() {
    let [value, factor, byte] = [0, 1, 0];
    do {
      byte = message[at++];
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte > 127);
    return value;
  }
  while (at < message.length) {
    const tag = readNumber();
    const value = readNumber(); // the field's value, or the length of a text or a message
    if (tag % 8 !== 2) continue;
    yield [tag >> 3, message.subarray(at, at + value)];
    at += value;
  }
}

/** Reads a text of the metadata, which is field 14 of the file. */
function readMetadata(name) {
  const text = new TextDecoder();
  for (const [number, entry] of readFields(bytes)) {
    if (number !== 14) continue;
    const { 1: key, 2: value } = Object.fromEntries(readFields(entry));
    if (text.decode(key) === name) return text.decode(value);
  }
  refuse("The file does not say which symbols its model has");
}

const description = JSON.parse(readMetadata("carry"));
`;

/** JavaScript that defines `answer(indices)`, with `ort` and `session`. */
const ANSWER = `
/** Answers a question. */
async function answer(indices) {
  const asked = new ort.Tensor("int64", BigInt64Array.from(indices, BigInt), [1, source.length]);
  const { data } = (await session.run({ source: asked }, ["target"])).target;
  return decode(Array.from(data, Number), target);
}
`;
