import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { exportOnnx } from "../../src/interop/onnx/export_onnx.ts";
import { parsePortable } from "../../src/interop/portable.ts";
import { withFiles } from "./example_programs.ts";
import { makeCheckpoint } from "./exported_models.ts";
import { answerQuestions, drawQuestions, KINDS, makeKind } from "./onnx_models.ts";
import { hasPython, runPython } from "./python.ts";

/** Largest difference of a probability that ONNX Runtime gives from ours. */
const TOLERANCE = 1e-5;
/** Number of questions of each kind of model. */
const QUESTIONS = 1000;

Deno.test({
  name:
    "ONNX Runtime answers as we do with a model of every kind, in batches of 1 and of 1,000 (needs Python with onnx and onnxruntime)",
  ignore: !hasPython("onnx", "onnxruntime", "numpy"),
  async fn(): Promise<void> {
    const checkpoints = await Promise.all(KINDS.map(makeKind));
    const files = new Map<string, Uint8Array>();
    for (const [i, checkpoint] of checkpoints.entries()) {
      for (const [name, bytes] of await listFiles(checkpoint)) files.set(`${i}.${name}`, bytes);
    }
    const printed = await withFiles(
      files,
      (folder) => runPython(COMPARE, folder, `${KINDS.length}`),
    );
    const lines = printed.trim().split("\n");
    assertEquals(lines.length, KINDS.length);
    for (const [i, line] of lines.entries()) {
      const { wrong, furthest, carry } = JSON.parse(line);
      const { name } = KINDS[i]!;
      assertEquals(wrong, 0, `${name} gives other symbols`);
      assert(furthest <= TOLERANCE, `${name} is off by ${furthest}`);
      assertEquals(parsePortable(carry).model, checkpoints[i]!.model);
    }
  },
});

/** Gives a model's file, the sources of its questions, and what it must give for each output. */
async function listFiles(checkpoint: Checkpoint): Promise<Map<string, Uint8Array>> {
  const questions = drawQuestions(checkpoint.model, QUESTIONS);
  const { sources, answers, attention } = await answerQuestions(checkpoint, questions);
  const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
    new Uint8Array(buffer, byteOffset, byteLength);
  return new Map([
    ["onnx", exportOnnx(checkpoint)],
    ["sources", sources],
    ["target", answers.characters],
    ["probabilities", bytesOf(answers.probabilities!)],
    ...(attention === undefined ? [] : [["attention", bytesOf(attention)]] as const),
  ]);
}

/** Checks every model, and compares what it gives with what was saved. */
const COMPARE = `
import json, sys, numpy as np, onnx, onnxruntime as ort
options = ort.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
for i in range(int(sys.argv[2])):
    at = f"{sys.argv[1]}/{i}."
    onnx.checker.check_model(onnx.load(at + "onnx"), full_check=True)
    session = ort.InferenceSession(at + "onnx", options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    T_in = session.get_inputs()[0].shape[1]
    sources = np.fromfile(at + "sources", np.uint8).reshape(-1, T_in).astype(np.int64)
    whole = session.run(names, {"source": sources})
    alone = [session.run(names, {"source": sources[k:k + 1]}) for k in range(len(sources))]
    alone = [np.concatenate(parts) for parts in zip(*alone)]
    wrong, furthest = 0, 0.0
    for name, *given in zip(names, whole, alone):
        wanted = np.fromfile(at + name, np.uint8 if name == "target" else np.float32)
        for values in given:
            values = values.reshape(wanted.shape)
            if name == "target": wrong += int((values != wanted).sum())
            else: furthest = max(furthest, float(np.abs(values - wanted).max()))
    carry = session.get_modelmeta().custom_metadata_map["carry"]
    print(json.dumps({"wrong": wrong, "furthest": furthest, "carry": carry}))
`;

Deno.test("exportOnnx() gives the same bytes for the same model", async () => {
  const checkpoint = await makeCheckpoint({ decoder: "attention", steps: 0 });
  assertEquals(exportOnnx(checkpoint), exportOnnx(checkpoint));
});

Deno.test("exportOnnx() refuses parameters that do not fit the model", async () => {
  const checkpoint = await makeCheckpoint({ steps: 0 });
  assertThrows(
    () => exportOnnx({ ...checkpoint, parameters: checkpoint.parameters.slice(1) }),
    TypeError,
    "the model has 8, but 7 are given",
  );
});
