import { assert, assertEquals, assertRejects } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createLocalModel, type LocalModel } from "../../src/dashboard/page/local_model.ts";
import type { Cell, GivenModelShape } from "../../src/network/config.ts";
import { createModel } from "../../src/model/create_model.ts";
import { readParameters, writeParameters } from "../../src/model/model_parameters.ts";
import type { NamedTensor } from "../../src/network/parameters.ts";
import { predict, type PredictOptions } from "../../src/model/predict.ts";
import { generateAddition, layOutAddition, resolveAddition } from "../../src/problem/addition.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { assertClose } from "../assert_close.ts";
import { importsOf } from "../module_graph.ts";
import { canRun } from "../permissions.ts";
import { rehash } from "../reliability/mutation.ts";

const PROBLEM = resolveAddition({ digits: 3, examples: 200, seed: 4 });
const LAYOUT = layOutAddition(PROBLEM, true);

/** Of probabilities. */
const TOLERANCE = { relative: 0, absolute: 1e-5 };

interface Shape {
  readonly cell: Cell;
  readonly hiddenSize: number;
  readonly layers: number;
}

/** A checkpoint without moments, and what the command line answers with it. */
async function makeCase(
  shape: Shape & Partial<GivenModelShape>,
  questions: readonly string[],
  options: PredictOptions = {},
): Promise<{
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly expected: Awaited<ReturnType<typeof predict>>;
}> {
  const device = await chooseDevice("cpu");
  using model = await createModel({
    ...shape,
    ...LAYOUT,
  }, { device, seed: 3 });
  const parameters = await readParameters(model);
  writeParameters(model, parameters.map(exaggerate));
  using training = createTraining(model);
  const checkpoint = await takeCheckpoint(training, PROBLEM);
  return {
    bytes: await encodeCheckpoint({ ...checkpoint, moments: [] }),
    expected: await predict(model, questions, { ...options, probabilities: true }),
  };
}

/** Larger weights than at first, so that answers differ. */
function exaggerate({ name, shape, values }: NamedTensor): NamedTensor {
  return { name, shape, values: values.map((value) => 4 * value) };
}

const TINY: Shape = { cell: "lstm", hiddenSize: 8, layers: 1 };

for (const cell of ["lstm", "gru", "simple"] as const) {
  for (const [layers, hiddenSize] of [[1, 5], [1, 37], [2, 13], [3, 32]] as const) {
    Deno.test(`createLocalModel() answers 200 sums as predict() does: ${cell}, ${hiddenSize} units, ${layers} decoder layers`, async () => {
      const questions = [...generateAddition(PROBLEM)].map(({ question }) => question);
      const { bytes, expected } = await makeCase({ cell, hiddenSize, layers }, questions);
      using model = await createLocalModel(bytes);
      assertEquals(expected.length, 200);
      assert(new Set(expected.map(({ answer }) => answer)).size > 5, "the answers hardly differ");
      for (const { question, answer, probability, probabilities } of expected) {
        const found = await model.ask(question);
        assertEquals([found.question, found.answer], [question, answer]);
        assertClose([found.probability], [probability], question, TOLERANCE);
        assertClose(found.probabilities.flat(), probabilities!.flat(), question, TOLERANCE);
        assertEquals([found.symbols, found.step], [LAYOUT.target.symbols, 0]);
      }
    });
  }
}

Deno.test("createLocalModel() gives the best answers of a beam, and their attention, as predict() does", async () => {
  const questions = [...generateAddition(PROBLEM)].slice(0, 40).map(({ question }) => question);
  const shape = { ...TINY, decoder: "attention", encoderLayers: 2 } as const;
  const { bytes, expected } = await makeCase(shape, questions, { nBest: 5, attention: true });
  using model = await createLocalModel(bytes);
  for (const { question, answer, probability, alternatives, attention } of expected) {
    const found = await model.ask(question);
    assertEquals([found.question, found.answer], [question, answer]);
    assertClose([found.probability], [probability], question, TOLERANCE);
    assertEquals(
      found.alternatives.map((each) => each.answer),
      alternatives!.map((each) => each.answer),
    );
    assertEquals([found.attention!.question, found.attention!.answer], [
      attention!.question,
      attention!.answer,
    ]);
    assertClose(found.attention!.weights.flat(), attention!.weights.flat(), question, TOLERANCE);
    const { target } = LAYOUT;
    const shown = found.chosen.map((index) => target.symbols[index]!).join("");
    assertEquals(shown.slice(0, answer.length), answer);
  }
});

Deno.test("createLocalModel() refuses what is no question in the sentences of the command line", async () => {
  const { bytes } = await makeCase(TINY, []);
  using model = await createLocalModel(bytes);
  await assertRejects(
    () => model.ask("12"),
    SyntaxError,
    'Cannot read "12": a question must be a sum of two numbers of up to 3 digits each, such as 12+34',
  );
  await assertRejects(
    () => model.ask("1+2345"),
    RangeError,
    'Cannot answer "1+2345": a number must have up to 3 digits, but "2345" has 4',
  );
  assertEquals((await model.ask(" 12 + 34 ")).question, "12+34");
});

Deno.test("createLocalModel() refuses a damaged checkpoint, and one with too few parameters", async () => {
  const { bytes } = await makeCase(TINY, []);
  const damaged = bytes.slice();
  damaged[damaged.length - 3]! ^= 1;
  await assertRejects(() => createLocalModel(damaged), SyntaxError, "is damaged: its SHA-256");
  await assertRejects(() => createLocalModel(bytes.subarray(0, 40)), SyntaxError, "Cannot read");
  await assertRejects(() => createLocalModel(new Uint8Array()), SyntaxError, "Cannot read");
  const { tensors, metadata } = decodeSafetensors(bytes);
  const without = tensors.filter(({ name }) => name !== "lstm/bias");
  const fewer = rehash(encodeSafetensors({ tensors: without, metadata }));
  await assertRejects(
    () => createLocalModel(fewer),
    SyntaxError,
    'the tensor "lstm/bias" must have the shape',
  );
});

/** Makes a model, and gives the memories that were made for it. */
async function noteMemories(
  bytes: Uint8Array,
): Promise<{ readonly model: LocalModel; readonly memories: readonly WebAssembly.Memory[] }> {
  const { Memory } = WebAssembly;
  const memories: WebAssembly.Memory[] = [];
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  try {
    return { model: await createLocalModel(bytes), memories };
  } finally {
    WebAssembly.Memory = Memory;
  }
}

Deno.test("1,000 questions leave no more memory in use than one", async () => {
  const { bytes } = await makeCase({ ...TINY, layers: 2 }, []);
  const { model, memories } = await noteMemories(bytes);
  await model.ask("1+1");
  const sizes = (): number[] => memories.map(({ buffer }) => buffer.byteLength);
  const afterOne = sizes();
  assertEquals(afterOne.length, 1);
  for (let i = 0; i < 1000; i++) await model.ask(`${i}+${999 - i}`);
  assertEquals(sizes(), afterOne);
  model[Symbol.dispose]();
  await assertRejects(() => model.ask("1+1"), Error, "was disposed of");
});

Deno.test({
  name: "the model in the page loads neither tfjs nor anything of the platform",
  ignore: !canRun,
  async fn(): Promise<void> {
    const imports = await importsOf("src/dashboard/page/local_model.ts");
    assert(imports.some((specifier) => specifier.endsWith("/src/device/cpu/kernel_build.ts")));
    assertEquals(
      imports.filter((specifier) =>
        !specifier.startsWith("file:") && !specifier.startsWith("npm:/pure-rand@") &&
        !specifier.startsWith("npm:fastest-levenshtein@") && !specifier.startsWith("npm:fflate@")
      ),
      [],
    );
  },
});
