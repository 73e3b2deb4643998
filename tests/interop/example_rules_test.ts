import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import type { Examples } from "../../src/interop/examples.ts";
import { exportKeras, exportKerasWeights } from "../../src/interop/keras/export_keras.ts";
import { KERAS_EXAMPLES, KERAS_WEIGHTS_EXAMPLES } from "../../src/interop/keras/keras_examples.ts";
import { exportOnnx } from "../../src/interop/onnx/export_onnx.ts";
import { ONNX_EXAMPLES } from "../../src/interop/onnx/onnx_examples.ts";
import { exportSafetensors } from "../../src/interop/safetensors/export_safetensors.ts";
import { SAFETENSORS_EXAMPLES } from "../../src/interop/safetensors/safetensors_examples.ts";
import { exportTfjs } from "../../src/interop/tfjs/export_tfjs.ts";
import { TFJS_EXAMPLES } from "../../src/interop/tfjs/tfjs_examples.ts";
import { hasNode, runExample } from "./example_programs.ts";
import { makeCheckpoint } from "./exported_models.ts";
import { hasPython } from "./python.ts";

/** The files of an export. */
type Files = Map<string, Uint8Array<ArrayBuffer>>;

/** A format, and its programs. */
interface Format {
  readonly name: string;
  readonly examples: Examples;
  readonly path: string;
  readonly write: (checkpoint: Checkpoint, path: string) => Files | Promise<Files>;
  /** Whether what the programs need is there. */
  readonly has: { readonly python?: boolean; readonly node?: boolean };
}

const hasKeras = hasPython("keras", "jax", "h5py");

const FORMATS: readonly Format[] = [
  {
    ...{ name: "Keras", examples: KERAS_EXAMPLES, path: "out/a.keras", has: { python: hasKeras } },
    write: async (checkpoint, path) => new Map([[path, await exportKeras(checkpoint)]]),
  },
  {
    ...{ name: "weights of Keras", examples: KERAS_WEIGHTS_EXAMPLES, path: "out/a.weights.h5" },
    has: { python: hasKeras },
    write: async (checkpoint, path) => new Map([[path, await exportKerasWeights(checkpoint)]]),
  },
  {
    ...{ name: "TensorFlow.js", examples: TFJS_EXAMPLES, path: "out/a" },
    has: { node: hasNode("@tensorflow/tfjs") },
    write: (checkpoint, path) =>
      new Map([...exportTfjs(checkpoint)].map(([name, bytes]) => [`${path}/${name}`, bytes])),
  },
  {
    ...{ name: "ONNX", examples: ONNX_EXAMPLES, path: "out/a.onnx" },
    has: { python: hasPython("onnxruntime", "numpy"), node: hasNode("onnxruntime-node") },
    write: (checkpoint, path) => new Map([[path, exportOnnx(checkpoint)]]),
  },
  {
    ...{ name: "safetensors", examples: SAFETENSORS_EXAMPLES, path: "out/a.safetensors" },
    has: { python: hasPython("safetensors", "numpy"), node: hasNode() },
    write: (checkpoint, path) => new Map([[path, exportSafetensors(checkpoint)]]),
  },
];

/** Arguments, and what a program says of them. The first question of each can be answered. */
const REFUSED: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["no question", [], /^Give at least one question$/m],
  ["an empty one", ["1+2", ""], /^Cannot read (""|''): a question must not be empty$/m],
  [
    "a long one",
    ["1+2", "123+45"],
    /^Cannot read ["']123\+45["']: it has 6 symbols, the model reads 5$/m,
  ],
  [
    "an unknown symbol",
    ["1+2", "1*2"],
    /^Cannot read ["']1\*2["']: it has a symbol that the model does not know$/m,
  ],
];

for (const { name, examples, path, write, has } of FORMATS) {
  for (const language of ["python", "node"] as const) {
    const program = examples[language]?.(path);
    if (program === undefined) continue;

    Deno.test(`the program for ${name} in ${language} says how to install and run it, and which questions it takes`, () => {
      const head = program.slice(0, program.indexOf("\nimport "));
      assertMatch(head, /^(\/\/ )?Install: (pip install|npm install|nothing)/m);
      assertMatch(head, /^(\/\/ )?Run: {5}(python answer\.py|node answer\.mjs) QUESTION/m);
      assertStringIncludes(head, "A question is what the model itself reads");
    });

    Deno.test({
      name:
        `the program for ${name} in ${language} answers nothing if a question cannot be read (needs what it installs)`,
      ignore: has[language] !== true,
      async fn(): Promise<void> {
        const files = await write(await makeCheckpoint({ steps: 0 }), path);
        for (const [what, args, sentence] of REFUSED) {
          if (name === "safetensors" && args.length === 0) continue; // it lists the parameters
          const { success, lines, errors } = await runExample(language, program, { files, args });
          assertEquals([success, lines], [false, []], what);
          assertMatch(errors, sentence);
        }
      },
    });
  }
}
