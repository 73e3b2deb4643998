/** Programs that use files of ONNX. @module */
import { encodePath, type Examples } from "../examples.ts";
import { JAVASCRIPT_TEXTS, REFUSE_IN_NODE, REFUSE_IN_PAGE } from "../javascript_texts.ts";
import { PYTHON_TEXTS } from "../python_texts.ts";

/** The release of ONNX Runtime that the programs in JavaScript are tested with. */
const VERSION = "1.30.0";

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
    `"""Answers questions with ONNX Runtime: python answer.py QUESTION ..."""
import json
import pathlib
import sys
import unicodedata

import numpy as np
import onnxruntime

FILE = pathlib.Path(__file__).parent / ${JSON.stringify(file)}
session = onnxruntime.InferenceSession(FILE, providers=["CPUExecutionProvider"])
description = json.loads(session.get_modelmeta().custom_metadata_map["carry"])
${PYTHON_TEXTS}

questions = [encode(text, source) for text in sys.argv[1:]]
if not questions:
    sys.exit("Give at least one question")
for answer in session.run(["target"], {"source": np.array(questions, dtype=np.int64)})[0]:
    print(decode(answer, target))
`,
  node: (file) =>
    `// Answers questions with ONNX Runtime: npm install onnxruntime-node@${VERSION}; node answer.mjs QUESTION ...
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as ort from "onnxruntime-node";
${REFUSE_IN_NODE}
const bytes = await readFile(resolve(import.meta.dirname, ${JSON.stringify(file)}));
const session = await ort.InferenceSession.create(bytes);
${READ_DESCRIPTION}${JAVASCRIPT_TEXTS}${ANSWER}
const questions = process.argv.slice(2);
if (questions.length === 0) refuse("Give at least one question");
for (const text of await answer(questions)) console.log(text);
`,
  browser: (file) =>
    `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Questions and answers</title>
<!-- A server must give this page and the model's file: a browser loads no model from a disk. -->
<form>
  <label>Question <input id="question" autofocus></label>
  <button id="ask" disabled>Ask</button>
  <output id="answer"></output>
</form>
<script type="module">
import * as ort from "https://cdn.jsdelivr.net/npm/onnxruntime-web@${VERSION}/dist/ort.wasm.min.mjs";
${REFUSE_IN_PAGE}
const response = await fetch("${encodePath(file)}");
const bytes = new Uint8Array(await response.arrayBuffer());
const session = await ort.InferenceSession.create(bytes);
${READ_DESCRIPTION}${JAVASCRIPT_TEXTS}${ANSWER}
document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = document.querySelector("#question").value;
  [document.querySelector("#answer").textContent] = await answer([question]);
});
document.querySelector("#ask").disabled = false;
</script>
</html>
`,
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

/** JavaScript that defines `answer(questions)`, with `session`. */
const ANSWER = `
/** Answers questions, at least one. */
async function answer(questions) {
  const indices = questions.flatMap((question) => encode(question, source));
  const given = new ort.Tensor("int64", BigInt64Array.from(indices, BigInt), [questions.length, source.length]);
  const { data } = (await session.run({ source: given }, ["target"])).target;
  return questions.map((_, i) => {
    const row = data.slice(i * target.length, (i + 1) * target.length);
    return decode(Array.from(row, Number), target);
  });
}
`;
