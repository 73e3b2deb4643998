/** Programs that use models in TensorFlow.js's format. @module */
import { encodePath, type Examples } from "../examples.ts";
import { JAVASCRIPT_TEXTS, REFUSE_IN_NODE, REFUSE_IN_PAGE } from "../javascript_texts.ts";

/** The release of TensorFlow.js that the programs are tested with. */
const VERSION = "4.22.0";

/** JavaScript that defines `answer(question)`, with `model`. */
const ANSWER = `
/** Answers a question. */
function answer(question) {
  const indices = tf.tidy(() => {
    const rows = tf.oneHot(encode(question, source), source.symbols.length).toFloat();
    return model.predict(rows.expandDims(0)).argMax(-1);
  });
  const text = decode(indices.dataSync(), target);
  indices.dispose();
  return text;
}
`;

/**
 * Programs that answer with a folder of the files of `exportTfjs()`: in Node, and in a page that is served beside the folder.
 *
 * @example
 * ```ts
 * import { TFJS_EXAMPLES } from "@carry/seq2seq/interop";
 *
 * console.log(TFJS_EXAMPLES.node!("model"));
 * ```
 */
export const TFJS_EXAMPLES: Examples = {
  node: (folder) =>
    `// Answers questions with TensorFlow.js: npm install @tensorflow/tfjs@${VERSION}; node answer.mjs QUESTION ...
import * as tf from "@tensorflow/tfjs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

const folder = resolve(import.meta.dirname, ${JSON.stringify(folder)});
const read = (name) => readFile(resolve(folder, name));
const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(await read("model.json"));
const shards = await Promise.all(weightsManifest.flatMap(({ paths }) => paths.map(read)));
const model = await tf.loadLayersModel(tf.io.fromMemory({
  modelTopology,
  weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
  weightData: new Uint8Array(Buffer.concat(shards)).buffer,
}));
const description = JSON.parse(userDefinedMetadata.carry);
${REFUSE_IN_NODE}${JAVASCRIPT_TEXTS}${ANSWER}
const questions = process.argv.slice(2);
if (questions.length === 0) refuse("Give at least one question");
for (const question of questions) console.log(answer(question));
`,
  browser: (folder) =>
    `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Questions and answers</title>
<!-- A server must give this page and the model's folder: a browser loads no model from a disk. -->
<form>
  <label>Question <input id="question" autofocus></label>
  <button id="ask" disabled>Ask</button>
  <output id="answer"></output>
</form>
<script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@${VERSION}/dist/tf.min.js"></script>
<script type="module">
const model = await tf.loadLayersModel("${encodePath(folder)}/model.json");
const description = JSON.parse(model.getUserDefinedMetadata().carry);
${REFUSE_IN_PAGE}${JAVASCRIPT_TEXTS}${ANSWER}
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const question = document.querySelector("#question").value;
  document.querySelector("#answer").textContent = answer(question);
});
document.querySelector("#ask").disabled = false;
</script>
</html>
`,
};
