import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  createEventEncoder,
  type EventEncoder,
} from "../../src/interop/tensorboard/event_encoder.ts";
import { computeCrc32c, frameRecord, maskCrc } from "../../src/interop/tensorboard/tf_record.ts";
import { drawModelGraph } from "../../src/interop/tensorboard/model_graph.ts";
import { readEvents, readRecords } from "./event_reader.ts";
import { hasPython, runPython } from "./python.ts";
import { canUseFiles } from "../permissions.ts";
import { TINY_MODEL } from "../tiny_training.ts";

const encoder = createEventEncoder({ now: () => 1500 });

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** RFC 3720, appendix B.4. */
const CRC_VECTORS: readonly (readonly [string, number[], number])[] = [
  ["32 bytes of zeroes", Array(32).fill(0), 0x8a9136aa],
  ["32 bytes of ones", Array(32).fill(0xff), 0x62a8ab43],
  ["32 bytes that increment", Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ["32 bytes that decrement", Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
];

for (const [name, bytes, crc] of CRC_VECTORS) {
  Deno.test(`computeCrc32c() gives the published checksum of ${name}`, () => {
    assertEquals(computeCrc32c(Uint8Array.from(bytes)), crc);
    assertNotEquals(maskCrc(crc), crc);
  });
}

/**
 * Event(wall_time=1.5, …).SerializeToString() of tensorboard 2.21.0, and the first as its RecordWriter frames it:
 * version "brain.Event:2"; session_log START at step 7; scalar "loss" 0.5 at step 300.
 */
const GOLDEN = {
  version: "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c",
  start: "09000000000000f83f10073a020801",
  scalar:
    "09000000000000f83f10ac022a230a210a046c6f7373420a080112002a040000003f4a0d0a090a077363616c6172732001",
};

Deno.test("an event file begins as TensorBoard's own writer begins it", () => {
  const file = encoder.start(7);
  assertEquals(hex(file.subarray(0, GOLDEN.version.length / 2)), GOLDEN.version);
  assertEquals(hex(readRecords(file).records[1]!), GOLDEN.start);
});

Deno.test("a scalar has the bytes that TensorBoard's own messages give it", () => {
  assertEquals(hex(readRecords(encoder.scalars(300, { loss: 0.5 })).records[0]!), GOLDEN.scalar);
});

Deno.test("frameRecord() frames data of every length, and none", () => {
  for (const length of [0, 1, 7, 8, 9, 255, 256, 70_000]) {
    const data = new Uint8Array(length).fill(length & 0xff);
    assertEquals(readRecords(frameRecord(data)), { records: [data], left: 0 });
  }
});

Deno.test("a change of any byte of a record is noticed by its checksums", () => {
  const record = frameRecord(new TextEncoder().encode("data"));
  for (let at = 8; at < record.length; at++) { // before: the length, after which nothing is found
    const changed = record.slice();
    changed[at]! ^= 0x10;
    assertThrows(() => readRecords(changed), Error, "checksum");
  }
});

Deno.test("numbers and texts come back with their tags, plugins, steps and times", () => {
  const file = [
    encoder.scalars(0, { a: 1, "group/b": -0.25 }),
    encoder.scalars(Number.MAX_SAFE_INTEGER, { a: Infinity }),
    encoder.texts(3, { samples: "☑ | ű" }),
  ];
  const seconds = 1.5;
  assertEquals(file.flatMap(readEvents), [
    {
      ...{ seconds, step: 0 },
      values: [
        { tag: "a", plugin: "scalars", number: 1 },
        { tag: "group/b", plugin: "scalars", number: -0.25 },
      ],
    },
    {
      ...{ seconds, step: Number.MAX_SAFE_INTEGER },
      values: [{ tag: "a", plugin: "scalars", number: Infinity }],
    },
    { seconds, step: 3, values: [{ tag: "samples", plugin: "text", text: "☑ | ű" }] },
  ]);
});

Deno.test("createEventEncoder() and its methods refuse what they cannot encode", () => {
  // @ts-expect-error the clock is missing
  assertThrows(() => createEventEncoder({}), TypeError, "Cannot make an event encoder: now must");
  for (const step of [-1, 0.5, NaN, 2 ** 53]) {
    assertThrows(
      () => encoder.scalars(step, { a: 1 }),
      RangeError,
      "Cannot encode an event: its step",
    );
  }
  const timeless = createEventEncoder({ now: () => NaN });
  assertThrows(
    () => timeless.start(0),
    RangeError,
    "Cannot encode an event: the time must be finite",
  );
});

/** Calls of the encoder's methods with wrong arguments, and what is said of them. */
const WRONG_CALLS:
  readonly (readonly [method: keyof EventEncoder, args: unknown[], says: string])[] = [
    ["start", ["x"], 'its step must be 0 or a positive integer, but is "x"'],
    ["scalars", [1, null], "values must be an object, but is null"],
    ["scalars", [1, [1, 2]], "values must be an object, but is an array"],
    ["scalars", [1, { a: 1, "b/c": "x" }], 'values["b/c"] must be a number, but is "x"'],
    ["scalars", [1, { a: 1n }], 'values["a"] must be a number, but is 1n'],
    ["texts", [1, { a: 1 }], 'texts["a"] must be a string, but is 1'],
    ["texts", [1, undefined], "texts must be an object, but is undefined"],
    ["hyperparameters", ["abc"], 'hyperparameters must be an object, but is "abc"'],
    [
      "hyperparameters",
      [{ a: null }],
      'hyperparameters["a"] must be a string, a number, or true or false, but is null',
    ],
    ["graph", [null], "nodes must be a list, but is null"],
    ["graph", [[{}]], "nodes[0].name must be a string, but is missing"],
    ["graph", [[{ name: "a", op: "b", inputs: [1] }]], "nodes[0].inputs[0] must be a string"],
    ["graph", [[{ name: "a", op: "b", shape: ["x"] }]], "nodes[0].shape[0] must be"],
    ["end", [1], "its status must be one of success, failure, but is 1"],
  ];

Deno.test("the methods of an event encoder throw a TypeError that says what is wrong", () => {
  for (const [method, args, says] of WRONG_CALLS) {
    assertThrows(
      () => Reflect.apply(encoder[method], undefined, args),
      TypeError,
      `Cannot encode an event: ${says}`,
    );
  }
  assertThrows(
    () => Reflect.apply(encoder.end, undefined, ["x"]),
    RangeError,
    'its status must be one of success, failure, but is "x"',
  );
});

Deno.test("the graph of a model has its layers in order, each with its parameters", () => {
  const [event] = readEvents(encoder.graph(drawModelGraph(TINY_MODEL)));
  const inputs = Object.fromEntries(event!.graph!.map((node) => [node.name, node.inputs]));
  const parametersOf = (name: string): string[] =>
    ["kernel", "recurrent_kernel", "bias"].map((parameter) => `${name}/${parameter}`);
  assertEquals(inputs["lstm"], ["question", ...parametersOf("lstm")]);
  assertEquals(inputs["repeat_vector"], ["lstm"]);
  assertEquals(inputs["lstm_1"], ["repeat_vector", ...parametersOf("lstm_1")]);
  assertEquals(inputs["activation"], ["time_distributed"]);
  assertEquals(
    new Set(Object.values(inputs).flat()).difference(new Set(Object.keys(inputs))),
    new Set(),
  );
});

Deno.test("in the graph of a model with attention the decoder and attention take the encoder's states", () => {
  const nodes = drawModelGraph({
    ...TINY_MODEL,
    ...{ decoder: "attention", layers: 2, embeddingSize: 4 },
    ...{ source: { ...TINY_MODEL.source, reverse: false } },
    ...{ target: { ...TINY_MODEL.target, reverse: false } },
  });
  const layersBefore = (name: string): string[] =>
    nodes.find((node) => node.name === name)!.inputs!.filter((input) => !input.includes("/"));
  assertEquals(layersBefore("embedding_1"), ["answer_before"]);
  assertEquals(layersBefore("lstm_1"), ["embedding_1", "lstm"]);
  assertEquals(layersBefore("lstm_2"), ["lstm_1"]);
  assertEquals(layersBefore("attention"), ["lstm_2", "lstm"]);
});

/** Reads a folder as TensorBoard does. */
const READER = `
import json, sys
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util
a = EventAccumulator(sys.argv[1])
a.Reload()
read = lambda tag: plugin_data_pb2.HParamsPluginData.FromString(a.SummaryMetadata(tag).plugin_data.content)
start = read("_hparams_/session_start_info").session_start_info
print(json.dumps({
  "loss": [[e.wall_time, e.step, tensor_util.make_ndarray(e.tensor_proto).item()] for e in a.Tensors("loss")],
  "text": [tensor_util.make_ndarray(e.tensor_proto).item().decode() for e in a.Tensors("text")],
  "hparams": {k: getattr(v, v.WhichOneof("kind")) for k, v in start.hparams.items()},
  "began": start.start_time_secs,
  "status": read("_hparams_/session_end_info").session_end_info.status,
  "nodes": [n.name for n in a.Graph().node],
}))
`;

Deno.test({
  name:
    "TensorBoard reads numbers, texts, hyperparameters, graph and end (needs Python with tensorboard)",
  ignore: !canUseFiles || !hasPython("tensorboard"),
  async fn(): Promise<void> {
    const hyperparameters = { cell: "lstm", hiddenSize: 0, rate: 0.1, swap: false, fresh: true };
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    try {
      const parts = [
        encoder.start(0),
        encoder.hyperparameters(hyperparameters),
        encoder.graph([{ name: "a", op: "Placeholder", shape: [-1, 2] }, {
          ...{ name: "b", op: "Dense", inputs: ["a"] },
        }]),
        encoder.scalars(1, { loss: 0.5 }),
        encoder.scalars(2, { loss: 0.25 }),
        encoder.texts(2, { text: "ű" }),
        encoder.start(2), // step 2 is discarded
        encoder.hyperparameters({ cell: "gru" }), // the first ones are kept
        encoder.scalars(2, { loss: 0.125 }),
        encoder.end("failure"),
      ];
      const path = `${folder}/events.out.tfevents.1700000000.carry`;
      await Deno.writeFile(path, await new Blob(parts).bytes());
      assertEquals(JSON.parse(await runPython(READER, folder)), {
        loss: [[1.5, 1, 0.5], [1.5, 2, 0.125]],
        ...{ text: [], hparams: hyperparameters, began: 1.5, status: 2, nodes: ["a", "b"] },
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
