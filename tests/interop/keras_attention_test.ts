import { assert, assertEquals, assertRejects } from "@std/assert";
import { exportKeras, exportKerasWeights } from "../../src/interop/keras/export_keras.ts";
import { assertClose } from "../assert_close.ts";
import { inFolder, readFloats, writeJson } from "./keras_folder.ts";
import { TEACH_KERAS } from "./keras_programs.ts";
import {
  type Answered,
  answerQuestions,
  drawQuestions,
  type Kind,
  KINDS,
  makeKind,
} from "./onnx_models.ts";
import { hasPython, runPython } from "./python.ts";

/** Largest difference of a probability. Measured: 5.1e-6. */
const TOLERANCE = { absolute: 1e-5, relative: 0 };

/** Models with attention: an LSTM in every form, and the other cells with several layers. Keras needs seconds for each. */
const TAUGHT = KINDS.filter(({ name }) =>
  /^lstm attention/.test(name) || /attention .*(2 and 3|3 and 2)/.test(name)
);

/** Divides indices into rows. */
function toRows(indices: Uint8Array, length: number): number[][] {
  return Array.from(
    { length: indices.length / length },
    (_, i) => [...indices.subarray(i * length, (i + 1) * length)],
  );
}

/** Gives the probabilities of the positions that count: those up to the first padding of an answer. */
function selectCounted(
  { layout: { target } }: Kind,
  { answers: { characters } }: Answered,
  probabilities: Float32Array,
): Float32Array {
  const [T, V] = [target.length, target.symbols.length];
  const end = target.padding === null ? -1 : target.symbols.indexOf(target.padding);
  const ended = (at: number): boolean =>
    characters.subarray(at - (at % T), at).some((index) => index === end);
  return probabilities.filter((_, i) => !ended(Math.floor(i / V)));
}

Deno.test({
  name:
    "Keras loads exported models with attention without custom code, and gives the probabilities of 1,000 answers as we do (needs Python with keras, jax and h5py)",
  ignore: !hasPython("keras", "jax", "h5py"),
  async fn(): Promise<void> {
    await inFolder(async (folder) => {
      const expected = new Map<string, Answered>();
      for (const kind of TAUGHT) {
        const { name, layout: { source, target } } = kind;
        const checkpoint = await makeKind(kind);
        const answered = await answerQuestions(checkpoint, drawQuestions(kind.layout, 1000));
        expected.set(name, answered);
        await writeJson(`${folder}/${name}.json`, [
          toRows(answered.sources, source.length),
          toRows(answered.answers.characters, target.length),
        ]);
        await Deno.writeFile(`${folder}/${name}.keras`, await exportKeras(checkpoint));
        await Deno.writeFile(`${folder}/${name}.weights.h5`, await exportKerasWeights(checkpoint));
      }
      await writeJson(`${folder}/models.json`, TAUGHT.map(({ name }) => name));
      await runPython(TEACH_KERAS, folder);
      for (const kind of TAUGHT) {
        const answered = expected.get(kind.name)!;
        const given = await readFloats(`${folder}/${kind.name}.f32`);
        const ours = selectCounted(kind, answered, answered.answers.probabilities!);
        assert(ours.length > 10_000);
        assertClose(selectCounted(kind, answered, given), ours, kind.name, TOLERANCE);
      }
    });
  },
});

Deno.test("a model with attention whose padding is not the first symbol is not exported to Keras, and the error names ONNX", async () => {
  const kind = KINDS.find(({ name }) => name === "lstm attention 1 and 1")!;
  const symbols = ["+", " ", ..."0123456789"];
  const layout = { ...kind.layout, source: { ...kind.layout.source, symbols } };
  const checkpoint = await makeKind({ ...kind, layout });
  for (const write of [exportKeras, exportKerasWeights]) {
    const error = await assertRejects(() => write(checkpoint), RangeError);
    assertEquals(
      error.message,
      "Cannot export the model to Keras: the padding of its sources must be the first symbol, because Keras masks index 0, but has index 1; ONNX can hold it",
    );
  }
});
