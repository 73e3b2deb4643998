/** Programs that use models in TensorFlow.js's format. @module */
import { writeNodeHead } from "../example_head.ts";
import { writePage } from "../example_page.ts";
import type { Examples } from "../examples.ts";
import { JAVASCRIPT_TEXTS, QUESTIONS_IN_NODE, REFUSE_IN_NODE } from "../javascript_texts.ts";

/** The release of TensorFlow.js that the programs are tested with. */
const VERSION = "4.22.0";

const WHAT = "Answers questions with TensorFlow.js";

/** JavaScript that defines `answer(indices)`, with `tf` and `model`. */
const ANSWER = `
/** Answers a question. */
function answer(indices) {
  const symbols = tf.tidy(() => {
    const rows = tf.oneHot(indices, source.symbols.length).toFloat();
    return model.predict(rows.expandDims(0)).argMax(-1);
  });
  const text = decode(symbols.dataSync(), target);
  symbols.dispose();
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
    `${writeNodeHead({ what: WHAT, install: `npm install @tensorflow/tfjs@${VERSION}` })}
import * as tf from "@tensorflow/tfjs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const read = (name) => readFile(join(${JSON.stringify(folder)}, name));
const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(await read("model.json"));
const shards = await Promise.all(weightsManifest.flatMap(({ paths }) => paths.map(read)));
const model = await tf.loadLayersModel(tf.io.fromMemory({
  modelTopology,
  weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
  weightData: new Uint8Array(Buffer.concat(shards)).buffer,
}));
const description = JSON.parse(userDefinedMetadata.carry);
${REFUSE_IN_NODE}${JAVASCRIPT_TEXTS}${QUESTIONS_IN_NODE}${ANSWER}
for (const indices of questions) console.log(answer(indices));
`,
  browser: (folder) =>
    writePage({
      ...{ what: WHAT, file: folder },
      library: {
        name: "tf",
        address: `https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@${VERSION}/dist/tf.fesm.min.js`,
      },
      script: `const model = await tf.loadLayersModel(file + "/model.json", { fetchFunc: load });
const description = JSON.parse(model.getUserDefinedMetadata().carry);
${JAVASCRIPT_TEXTS}${ANSWER}`,
    }),
};
