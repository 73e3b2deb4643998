import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { chooseDevice } from "../../src/device/choose.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type SavedTensor,
} from "../../src/checkpoint/safetensors.ts";
import { createModel } from "../../src/model/create_model.ts";
import { MAX_EPOCHS } from "../../src/training/options.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { rehash } from "../reliability/mutation.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

async function makeCheckpoint(hiddenSize: number): Promise<Checkpoint> {
  using model = await createModel({ ...TINY_MODEL, hiddenSize }, { device, seed: 1 });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 1 });
  for await (const _ of train(training, makeTinySplit(), { samples: 0 }));
  return await takeCheckpoint(training, TINY_PROBLEM);
}

const checkpoint = await makeCheckpoint(1);
const bytes = await encodeCheckpoint(checkpoint);

Deno.test("decodeCheckpoint() gives back what encodeCheckpoint() took", async () => {
  assertEquals(await decodeCheckpoint(bytes), checkpoint);
});

Deno.test("encodeCheckpoint() gives the same bytes for the same checkpoint", async () => {
  assertEquals(await encodeCheckpoint(await decodeCheckpoint(bytes)), bytes);
});

Deno.test("a checkpoint names its parameters and moments as Keras does", () => {
  const names = decodeSafetensors(bytes).tensors.map(({ name }) => name);
  assertEquals(names.slice(0, 3), ["progress/history", "lstm/kernel", "lstm/recurrent_kernel"]);
  assertEquals(names.length, 25);
  assertEquals(names[9], "adam/m/lstm/kernel");
  assertEquals(names[24], "adam/v/time_distributed/bias");
});

Deno.test("decodeCheckpoint() notices every flipped bit of the header and the first values", async () => {
  for (let at = 0; at < Math.min(bytes.length, 2048); at++) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1 << (at % 8);
    await assertRejects(() => decodeCheckpoint(damaged), SyntaxError, "Cannot read");
  }
});

Deno.test("decodeCheckpoint() notices a flipped bit anywhere", async () => {
  for (let at = 2048; at < bytes.length; at += 7) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1 << (at % 8);
    await assertRejects(() => decodeCheckpoint(damaged), SyntaxError, "Cannot read");
  }
});

Deno.test("decodeCheckpoint() notices a file that is cut off or too long", async () => {
  for (let length = 0; length < bytes.length; length += 97) {
    await assertRejects(() => decodeCheckpoint(bytes.slice(0, length)), SyntaxError, "Cannot read");
  }
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  await assertRejects(() => decodeCheckpoint(longer), SyntaxError, "Cannot read");
});

/** A file with this state and the correct hash. */
function forge(
  change: (state: Record<string, unknown>) => unknown,
  tensors = decodeSafetensors(bytes).tensors,
): Uint8Array<ArrayBuffer> {
  const { metadata } = decodeSafetensors(bytes);
  const changed = change(JSON.parse(metadata.carry!));
  const carry = typeof changed === "string" ? changed : JSON.stringify(changed);
  return rehash(encodeSafetensors({ tensors, metadata: { ...metadata, carry } }));
}

/** Copies the state, with another value at a path. */
function put(path: string, value: unknown): (state: Record<string, unknown>) => unknown {
  return (state) => {
    const keys = path.split(".");
    let at = state;
    for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
    Object.defineProperty(at, keys.at(-1)!, {
      ...{ value, enumerable: true, configurable: true, writable: true },
    });
    return state;
  };
}

const NONSENSE: readonly (readonly [path: string, value: unknown, message: string])[] = [
  ["runId", 3, "runId of the state must be null, or a text that matches"],
  ["runId", "", "runId of the state must be null, or a text that matches"],
  ["runId", "a\u001b[31m", "runId of the state must be null, or a text that matches"],
  ["runId", "a".repeat(65), "runId of the state must be null, or a text that matches"],
  ["trainedOn", "", "trainedOn of the state must be null, or a text of 1 to 200 characters"],
  [
    "trainedOn",
    "a".repeat(201),
    "trainedOn of the state must be null, or a text of 1 to 200 characters",
  ],
  ["mood", 1, 'the state has the unknown key "mood"'],
  ["__proto__", { polluted: 1 }, 'the state has the unknown key "__proto__"'],
  ["problem", null, "problem of the state must be an object"],
  ["problem.digits", 99, "digits"],
  ["problem.digits", 2, "the model must fit the problem, whose source.length is 5, but it has 3"],
  ["problem.examples", 1e9, "only 55 different ones"],
  ["problem.seed", 0.5, "seed"],
  ["problem.reverse", 1, "reverse"],
  ["problem.base", undefined, 'the problem must have the key "base"'],
  ["problem.name", "additoin", 'did you mean "addition"?'],
  ["problem.carry", 1, "carry"],
  ["problem.__proto__", {}, "__proto__"],
  ["model.hiddenSize", -1, "hiddenSize"],
  ["model.hiddenSize", 8192, 'the tensor "lstm/kernel" must have the shape (12, 32768)'],
  ["model.layers", 64, 'the tensor "lstm_2/kernel" must have the shape (1, 4), but is missing'],
  ["model.inputLength", 4096, "inputLength"],
  ["model.source", [], "source must be an object"],
  ["model.source.length", 4096, "whose source.length is 3, but it has 4096"],
  ["model.source.length", 4097, "length must be an integer from 1 to 4096"],
  ["model.target.length", 3, "whose target.length is 2, but it has 3"],
  ["model.target.symbols", [" ", "+"], "whose target.symbols is "],
  ["model.target.symbols", [" ", "+", "+"], '"+" is at index 1 and at index 2'],
  ["model.source.symbols", " +", "symbols must be an array"],
  ["model.source.padding", "x", "the padding of the source's layout must be one of its symbols"],
  ["model.source.reverse", "yes", "reverse"],
  ["model.target.reverse", true, "whose target.reverse is false, but it has true"],
  ["model.target.normalize", "NFKC", "normalize must be one of"],
  ["model.target.width", 1, "width"],
  ["model.dropout", 0, "dropout"],
  ["model.embeddingSize", 64, "embeddingSize must be 0 with the decoder repeat"],
  ["model.encoderLayers", 2, "encoderLayers must be 1 with the decoder repeat"],
  ["model.bidirectional", true, "bidirectional must be false with the decoder repeat"],
  ["model.decoder", "attention", "embeddingSize must be 1 or more with the decoder attention"],
  ["model.decoder", "transformer", "decoder must be one of repeat, attention"],
  ["model.decoder", undefined, 'the model must have the key "decoder"'],
  ["model.embeddingSize", undefined, 'the model must have the key "embeddingSize"'],
  ["training.dropout", 0.2, "dropout must be 0 with the decoder repeat, but is 0.2"],
  ["training.dropout", 1, "dropout must be from 0 to below 1"],
  ["training.labelSmoothing", 1, "labelSmoothing must be from 0 to below 1"],
  ["training.dropout", undefined, 'the training must have the key "dropout"'],
  ["training.batchSize", 0, "batchSize"],
  ["training.learningRate", "0.1", "learningRate"],
  ["training.learningRate", 1e999, "learningRate"],
  ["training.epochs", 1_000_001, "epochs"],
  ["training.seed", 2 ** 60, "seed"],
  ["training.stopAt", { metric: "exactMatch", value: "1" }, "from 0 to 1 for exactMatch"],
  ["training.stopAt", { metric: "exactMatch", value: 1, when: 2 }, "when"],
  ["training.momentum", 0.9, "momentum"],
  ["training.monitor", undefined, 'the training must have the key "monitor"'],
  ["progress", [], "the progress must be an object"],
  ["progress.step", -1, "step of the progress must be"],
  ["progress.step", 0.5, "step of the progress must be"],
  ["progress.step", 8, "end (7) plus the batches since then (0), but is 8"],
  ["progress.batch", 2 ** 60, "batch of the progress must be"],
  ["progress.batch", 3, "end (7) plus the batches since then (3), but is 7"],
  ["progress.lossSum", null, "lossSum of the progress must be finite, and 0 or more, but is null"],
  ["progress.elapsedMs", -5, "elapsedMs of the progress must be finite, and 0 or more"],
  ["progress.history", [], "the history must be a tensor"],
  ["progress.mood", 1, 'the progress has the unknown key "mood"'],
];

for (const [path, value, message] of NONSENSE) {
  Deno.test(`decodeCheckpoint() refuses ${path} = ${JSON.stringify(value)?.slice(0, 60)} though the hash is right`, async () => {
    const error = await assertRejects(() => decodeCheckpoint(forge(put(path, value))), SyntaxError);
    assertStringIncludes(error.message, "Cannot read the checkpoint: ");
    assertStringIncludes(error.message, message);
  });
}

Deno.test("decodeCheckpoint() refuses a state with the same key twice", async () => {
  const twice = (state: unknown): string => JSON.stringify(state).replace('{"', '{"runId":null,"');
  await assertRejects(() => decodeCheckpoint(forge(twice)), SyntaxError, '"runId" occurs twice');
});

Deno.test("decodeCheckpoint() refuses a state that is not an object", async () => {
  for (const text of ["null", "[]", "5", '"a"', "", "{"]) {
    const error = await assertRejects(() => decodeCheckpoint(forge(() => text)), SyntaxError);
    assertStringIncludes(error.message, "Cannot read the checkpoint: ");
  }
  await assertRejects(
    () => decodeCheckpoint(forge(() => "null")),
    SyntaxError,
    "the state must be an object",
  );
});

Deno.test("decodeCheckpoint() refuses a state that lacks a key", async () => {
  for (const part of ["runId", "trainedOn", "problem", "model", "training", "progress"]) {
    const without = (state: object): object => ({ ...state, [part]: undefined });
    await assertRejects(() => decodeCheckpoint(forge(without)), SyntaxError);
  }
});

Deno.test("decodeCheckpoint() refuses a deeply nested state at once", async () => {
  const deep = (): string => '{"a":'.repeat(1_000_000);
  await assertRejects(() => decodeCheckpoint(forge(deep)), SyntaxError, "levels deep");
});

Deno.test("decodeCheckpoint() refuses tensors that are not those of the model", async () => {
  const { tensors } = decodeSafetensors(bytes);
  const one = { name: "a", shape: [1], values: Float32Array.of(1) };
  const wide = { ...tensors[1]!, values: Float64Array.from(tensors[1]!.values) };
  const figures = tensors[0]!.values as Float64Array;
  const ofHistory = (values: Float64Array): SavedTensor => ({ ...tensors[0]!, values });
  const attacks: readonly (readonly [SavedTensor[], string])[] = [
    [
      tensors.filter(({ name }) => name !== "lstm/bias"),
      '"lstm/bias" must have the shape (4), but is missing',
    ],
    [tensors.filter(({ name }) => name !== "adam/v/lstm/bias"), '"adam/v/lstm/bias" must have'],
    [[...tensors, one], '"a" is not one of them'],
    [[...tensors, { ...one, name: "adam/m/a" }], '"adam/m/a" is not one of them'],
    [
      [tensors[0]!, wide, ...tensors.slice(2)],
      '"lstm/kernel" must have the dtype F32, but has F64',
    ],
    [tensors.slice(1), '"progress/history" must have'],
    [[{ ...tensors[0]!, shape: [7, 1] }, ...tensors.slice(1)], "the shape (0 to 1000000, 7)"],
    [
      [ofHistory(figures.with(0, 2)), ...tensors.slice(1)],
      "but epoch 1 is missing",
    ],
    [
      [ofHistory(figures.with(1, 0)), ...tensors.slice(1)],
      "every epoch must end after the one before",
    ],
    [[ofHistory(figures.with(2, NaN)), ...tensors.slice(1)], "loss of epoch 1 must be finite"],
    [
      [ofHistory(figures.with(6, -1)), ...tensors.slice(1)],
      "elapsedMs of epoch 1 must be finite, and 0 or more",
    ],
    [[
      tensors[0]!,
      { ...tensors[1]!, values: tensors[1]!.values.map(() => NaN) },
      ...tensors.slice(2),
    ], '"lstm/kernel" has a value that is not'],
  ];
  for (const [attack, message] of attacks) {
    await assertRejects(
      () => decodeCheckpoint(forge((state) => state, attack)),
      SyntaxError,
      message,
    );
  }
});

Deno.test("encodeCheckpoint() refuses a checkpoint that could not be read again, and says why", async () => {
  const { progress, training, model, parameters, moments } = checkpoint;
  const parts: readonly (readonly [Partial<Checkpoint>, string])[] = [
    [{ runId: "no identity" }, "runId of the state must be"],
    [
      { model: { ...model, source: { ...model.source, length: 5 } } },
      "the model must fit the problem",
    ],
    [{ training: { ...training, epochs: 0 } }, "epochs"],
    [{ progress: { ...progress, step: 3 } }, "end (7) plus the batches since then (0), but is 3"],
    [
      { progress: { ...progress, history: [...progress.history, ...progress.history] } },
      "at most 1 epochs, but has 2",
    ],
    [{ parameters: parameters.slice(1) }, '"lstm/kernel" must have'],
    [{ moments: moments.slice(1) }, '"adam/m/lstm/kernel" must have'],
    [{
      parameters: [{
        ...parameters[0]!,
        values: parameters[0]!.values.map(() => NaN),
      }, ...parameters.slice(1)],
    }, "finite"],
  ];
  for (const [part, message] of parts) {
    const error = await assertRejects(
      () => encodeCheckpoint({ ...checkpoint, ...part }),
      RangeError,
      "Cannot save the checkpoint: ",
    );
    assertStringIncludes(error.message, message);
  }
});

Deno.test("a checkpoint without moments is read, because a page needs none", async () => {
  const bare = { ...checkpoint, moments: [] };
  assertEquals(await decodeCheckpoint(await encodeCheckpoint(bare)), bare);
});

const figure = fc.double({ min: 0, max: 1e300, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const history = fc.array(
  fc.record({
    steps: fc.integer({ min: 1, max: 1000 }),
    ...{ loss: figure, validationLoss: figure, characterAccuracy: share, exactMatch: share },
    elapsedMs: figure,
  }),
  { maxLength: 30 },
).map((epochs) => {
  let step = 0;
  return epochs.map(({ steps, ...figures }, i) => ({
    epoch: i + 1,
    step: step += steps,
    ...figures,
  }));
});

Deno.test("whatever encodeCheckpoint() writes, decodeCheckpoint() reads", async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.record({
        batch: fc.nat(1e6),
        ...{ lossSum: figure, elapsedMs: figure },
        runId: fc.option(fc.stringMatching(/^[0-9A-Za-z-]{1,64}$/)),
        trainedOn: fc.option(fc.string({ minLength: 1, maxLength: 200 })),
        seed: fc.maxSafeInteger(),
      }),
      async (epochs, { batch, lossSum, elapsedMs, runId, trainedOn, seed }) => {
        const step = (epochs.at(-1)?.step ?? 0) + batch;
        const written: Checkpoint = {
          ...checkpoint,
          ...{ runId, trainedOn },
          training: { ...checkpoint.training, epochs: 30, seed },
          progress: { step, batch, lossSum, elapsedMs, history: epochs },
        };
        assertEquals(await decodeCheckpoint(await encodeCheckpoint(written)), written);
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("a history is written and read up to the most epochs of a training", async () => {
  const epochs = Array.from({ length: MAX_EPOCHS }, (_, i) => ({
    ...checkpoint.progress.history[0]!,
    ...{ epoch: i + 1, step: i + 1 },
  }));
  const training = { ...checkpoint.training, epochs: MAX_EPOCHS };
  const withHistory = (list: typeof epochs): Checkpoint => ({
    ...checkpoint,
    training,
    progress: { ...checkpoint.progress, step: list.length, history: list },
  });
  const read = await decodeCheckpoint(await encodeCheckpoint(withHistory(epochs)));
  assertEquals(read.progress.history.length, MAX_EPOCHS);
  assertEquals(read.progress.history.at(-1), epochs.at(-1));
  const tooMany = [...epochs, { ...epochs.at(-1)!, epoch: MAX_EPOCHS + 1, step: MAX_EPOCHS + 1 }];
  await assertRejects(
    () => encodeCheckpoint(withHistory(tooMany)),
    RangeError,
    "at most 1000000 epochs",
  );
  const forged = forge((state) => state, [
    {
      name: "progress/history",
      shape: [MAX_EPOCHS + 1, 7],
      values: new Float64Array(7 * (MAX_EPOCHS + 1)),
    },
    ...decodeSafetensors(bytes).tensors.slice(1),
  ]);
  await assertRejects(() => decodeCheckpoint(forged), SyntaxError, "the shape (0 to 1000000, 7)");
});
