/** Models in TensorFlow.js: they are loaded from files, saved as files, and asked. @module */
import type * as Tfjs from "@tensorflow/tfjs";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { createTextCodec } from "../../src/codec/text_codec.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { predict } from "../../src/model/predict.ts";
import { encodeQuestions } from "../../src/model/question.ts";
import { generateAddition } from "../../src/problem/addition.ts";

/** Files by name. */
export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** A thousand sums of up to 2 digits. */
export const QUESTIONS: readonly string[] = Array.from(
  generateAddition({ digits: 2, examples: 1000, seed: 5 }),
  ({ question }) => question,
);

/** Loads TensorFlow.js with its plain backend. */
export async function loadTfjs(): Promise<typeof Tfjs> {
  const tf = await import("@tensorflow/tfjs");
  await tf.setBackend("cpu");
  return tf;
}

/** Loads a model as `tf.loadLayersModel` does it by its address: the files are read by name. */
export async function loadFiles(tf: typeof Tfjs, files: Files): Promise<Tfjs.LayersModel> {
  const read = (url: string): Promise<Response> => {
    const bytes = files.get(url.replace("http://model/", ""));
    return Promise.resolve(new Response(bytes ?? null, { status: bytes ? 200 : 404 }));
  };
  return await tf.loadLayersModel(
    tf.io.http("http://model/model.json", { fetchFunc: read as typeof fetch }),
  );
}

/** Saves a model as `model.save()` does it: `model.json` and `model.weights.bin`. */
export async function saveFiles(
  tf: typeof Tfjs,
  model: Tfjs.LayersModel,
  options: Tfjs.io.SaveConfig = {},
): Promise<Files> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  await model.save(
    tf.io.http("http://model/", {
      async fetchFunc(_: unknown, init?: RequestInit): Promise<Response> {
        for (const [, file] of init?.body as FormData) {
          const { name } = file as File;
          files.set(name, new Uint8Array(await (file as File).arrayBuffer()));
        }
        return new Response();
      },
    }),
    options,
  );
  return files;
}

/** Asks a model in TensorFlow.js. @returns probabilities, float32 (N, T_out, V_out) */
export async function askTfjs(
  tf: typeof Tfjs,
  model: Tfjs.LayersModel,
  { source }: Checkpoint["model"],
): Promise<Float32Array> {
  const codec = createTextCodec(source);
  const indices = encodeQuestions({ source: codec }, QUESTIONS);
  const rows = tf.oneHot(tf.tensor1d(Int32Array.from(indices), "int32"), codec.size);
  const asked = tf.reshape(rows, [QUESTIONS.length, codec.length, codec.size]);
  const answered = model.predict(tf.cast(asked, "float32")) as Tfjs.Tensor;
  const values = await answered.data<"float32">();
  tf.dispose([rows, asked, answered]);
  return values;
}

/** Asks a model of ours. @returns probabilities, float32 (N, T_out, V_out) */
export async function askCarry({ model: config, parameters }: Checkpoint): Promise<Float32Array> {
  const device = await chooseDevice("cpu", { threads: 1 });
  using model = await createModel(config, { device, parameters });
  const answers = await predict(model, QUESTIONS, { probabilities: true });
  return Float32Array.from(answers.flatMap(({ probabilities }) => probabilities!.flat()));
}
