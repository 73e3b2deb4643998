/** Files in TensorFlow.js's format that no model of ours has, each with its name and what the error says. @module */
import { exportTfjs } from "../../src/interop/tfjs/export_tfjs.ts";
import { makeCheckpoint } from "./exported_models.ts";
import type { Files } from "./tfjs_models.ts";

/** Files, and a part of the error's message. */
export type HostileCase = readonly [files: Files, message: string];

/** A value in a file of JSON: where it is, what it becomes (undefined removes it), and what the error says. */
type Change = readonly [path: string, value: unknown, message: string];

const MODEL = "model.json";
const WEIGHTS = "group1-shard1of1.bin";
const LAYERS = "modelTopology.config.layers";
const [FIRST, REPEAT, SECOND, THIRD, DENSE, SOFTMAX] = [0, 1, 2, 3, 4, 5].map((i) =>
  `${LAYERS}.${i}.config`
);
const ENTRY = "weightsManifest.0.weights.0";
const PATH = "weightsManifest.0.paths.0";

/** A model that comes in: a GRU with two decoder layers, which have other names than ours in the functional one. */
export const GIVEN: Files = exportTfjs(await makeCheckpoint({ cell: "gru", layers: 2, steps: 0 }));
/** The same as a functional model. */
export const FUNCTIONAL: Files = asFunctional(GIVEN);

/** What the text or the whole file may be instead. */
const TEXTS: Readonly<Record<string, readonly [string | Uint8Array<ArrayBuffer>, string]>> = {
  "an empty model.json": ["", "must be JSON in UTF-8"],
  "a text that is no JSON": ["{no", "must be JSON in UTF-8"],
  "bytes that are no UTF-8": [Uint8Array.of(0x7b, 0xff, 0x7d), "must be JSON in UTF-8"],
  "JSON with something after it": ["{} {}", "must be JSON in UTF-8"],
  "JSON that is null": ["null", "must be an object"],
  "JSON that is a list": ["[]", "must be an object"],
  "JSON that is a number": ["1e309", "must be an object"],
  "an empty object": ["{}", "format of the file model.json must be"],
  "a deep list": ["[".repeat(100_000), "levels deep"],
  "a key that occurs twice": ['{"format":"layers-model","format":"x"}', "occurs twice"],
  "a key that occurs twice, once escaped": ['{"format":1,"\\u0066ormat":2}', "occurs twice"],
  "the key __proto__": [
    '{"__proto__":{"format":"layers-model"}}',
    'has the unknown key "__proto__"',
  ],
  "a model.json of 5 MiB": [`{"a":"${"x".repeat(5 * 2 ** 20)}"}`, "at most 4194304 bytes"],
};

/** What a value may be instead, in a Sequential. */
const CHANGES: Readonly<Record<string, Change>> = {
  "a graph model": ["format", "graph-model", 'must be "layers-model", but is "graph-model"'],
  "a program's name that is a number": ["generatedBy", 1, "generatedBy of the file"],
  "a signature": ["signature", {}, 'unknown key "signature"'],
  "an initialiser of the model": ["modelInitializer", {}, 'unknown key "modelInitializer"'],
  "no topology": ["modelTopology", undefined, "modelTopology of the file model.json must be"],
  "a topology that is a text": ["modelTopology", "{}", "must be an object"],
  "a topology that is a list": ["modelTopology", [], "must be an object"],
  "an unknown key in the topology": [
    "modelTopology.node",
    [],
    'the model must have only what is known, but has "node"',
  ],
  "a wrapped model that is null": ["modelTopology.model_config", null, 'unknown key "c'],
  "a wrapped model beside another": [
    "modelTopology.model_config",
    { class_name: "Sequential", config: [] },
    'unknown key "c',
  ],
  "no class of the model": [
    "modelTopology.class_name",
    undefined,
    "the class of the model must be a text, but is undefined",
  ],
  "a class that is a number": [
    "modelTopology.class_name",
    1,
    "the class of the model must be a text, but is 1",
  ],
  "a model of a foreign class": ["modelTopology.class_name", "Evil>Model", '"Evil>Model"'],
  "a Sequential that says it is functional": [
    "modelTopology.class_name",
    "Model",
    "its first layer must be InputLayer",
  ],
  "no configuration": ["modelTopology.config", null, "but is null"],
  "an unknown key in the configuration": [
    "modelTopology.config.url",
    "",
    'the model must have only what is known, but has "url"',
  ],
  "a frozen model": [
    "modelTopology.config.trainable",
    false,
    "the model must be trainable, but is not",
  ],
  "layers that are an object": [LAYERS, {}, "layers of the model must be a list"],
  "no layer": [LAYERS, [], "but they end where LSTM or GRU or SimpleRNN must be"],
  "100,000 layers": [
    LAYERS,
    new Array(1e5).fill(1),
    "it must have at most 100 layers, but has 100000",
  ],
  "a layer that is null": [`${LAYERS}.0`, null, "layer 0 must be an object, but is null"],
  "a layer without a configuration": [
    `${LAYERS}.0.config`,
    undefined,
    "the options of layer 0 must be an object, but is undefined",
  ],
  "a layer of another module": [
    `${LAYERS}.0.module`,
    "os",
    'but layer 0 is "GRU" with the name "gru", of the module "os"',
  ],
  "a Lambda": [`${LAYERS}.1.class_name`, "Lambda", 'but layer 1 is "Lambda"'],
  "a Lambda at the end": [`${LAYERS}.6`, { class_name: "Lambda", config: {} }, '"Lambda"'],
  "an Embedding": [`${LAYERS}.0.class_name`, "Embedding", '"Embedding"'],
  "a Bidirectional": [`${LAYERS}.0.class_name`, "Bidirectional", '"Bidirectional"'],
  "a model within the model": [`${LAYERS}.0.class_name`, "Sequential", '"Sequential"'],
  "a layer of a foreign class": [`${LAYERS}.0.class_name`, "Evil>Layer", '"Evil>Layer"'],
  "a class that all objects have": [`${LAYERS}.0.class_name`, "constructor", '"constructor"'],
  "a Dropout": [`${LAYERS}.4.class_name`, "Dropout", 'but layer 4 is "Dropout"'],
  "an LSTM in a GRU": [`${LAYERS}.2.class_name`, "LSTM", 'but has "reset_after"'],
  "no softmax": [LAYERS, undefined, "layers of the model must be"],
  "another activation": [`${SOFTMAX}.activation`, "sigmoid", 'but has "sigmoid"'],
  "softmax over time": [`${LAYERS}.5`, soft(1), "but has 1"],
  "a layer after softmax": [`${LAYERS}.6`, soft(-1), 'but the layer "softmax" (Softmax) does'],
  "a recurrent layer at every time step": [
    `${DENSE}.layer.class_name`,
    "LSTM",
    'but the layer "dense" (LSTM) is where Dense must be',
  ],
  "a dense layer that is null": [
    `${DENSE}.layer`,
    null,
    "the layer in TimeDistributed must be an object, but is null",
  ],
  "a dense layer without bias": [`${DENSE}.layer.config.use_bias`, false, "but has false"],
  "a dense layer with relu": [`${DENSE}.layer.config.activation`, "relu", 'but has "relu"'],
  "a dense layer of 0 units": [`${DENSE}.layer.config.units`, 0, "from 1 to 256"],
  "a dense layer of 2^31 units": [`${DENSE}.layer.config.units`, 2 ** 31, "from 1 to 256"],
  "a vector repeated 0 times": [`${REPEAT}.n`, 0, "from 1 to 4096"],
  "a vector repeated 2^53 times": [`${REPEAT}.n`, 2 ** 53, "from 1 to 4096"],
  "a vector repeated a text of times": [`${REPEAT}.n`, "3", 'but has "3"'],
  "another number of characters than is said": [`${REPEAT}.n`, 4, "characters of a target"],
  "a layer that goes backwards": [`${FIRST}.go_backwards`, true, "go_backwards"],
  "dropout": [`${FIRST}.dropout`, 0.5, "but has 0.5"],
  "recurrent dropout": [`${SECOND}.recurrent_dropout`, 0.1, "recurrent_dropout"],
  "no bias": [`${FIRST}.use_bias`, false, "but has false"],
  "a GRU that resets after the product": [`${THIRD}.reset_after`, true, "reset_after"],
  "a layer that keeps its state": [`${FIRST}.stateful`, true, "stateful"],
  "a layer that gives its state": [`${FIRST}.return_state`, true, "return_state"],
  "time as the first dimension": [`${FIRST}.time_major`, true, "time_major"],
  "a regulariser": [`${FIRST}.kernel_regularizer`, {}, "kernel_regularizer"],
  "a constraint": [`${FIRST}.recurrent_constraint`, {}, "recurrent_constraint"],
  "a frozen layer": [`${SECOND}.trainable`, false, "trainable"],
  "half precision": [`${FIRST}.dtype`, "float16", "dtype"],
  "mixed precision": [`${FIRST}.dtype`, { class_name: "Policy" }, "dtype"],
  "hard sigmoid": [`${FIRST}.recurrent_activation`, "hard_sigmoid", 'but has "hard_sigmoid"'],
  "relu in a cell": [`${FIRST}.activation`, "relu", 'but has "relu"'],
  "an unknown option": [`${FIRST}.zoneout`, 0.1, 'but has "zoneout"'],
  "an option that all functions have": [`${FIRST}.prototype`, {}, 'but has "prototype"'],
  "an encoder that gives every state": [`${FIRST}.return_sequences`, true, "return_sequences"],
  "a decoder that gives its last state": [`${THIRD}.return_sequences`, false, "return_sequences"],
  "no word on what a cell gives": [`${FIRST}.return_sequences`, undefined, "but does not say it"],
  "0 units": [
    `${FIRST}.units`,
    0,
    'but the layer "gru" (GRU) has 0 units and the layer "gru_1" (GRU) 12',
  ],
  "half a unit": [
    `${FIRST}.units`,
    0.5,
    'but the layer "gru" (GRU) has 0.5 units and the layer "gru_1" (GRU) 12',
  ],
  "2^63 units": [
    `${FIRST}.units`,
    2 ** 63,
    'but the layer "gru" (GRU) has 9223372036854776000 units and the layer "gr',
  ],
  "units as a text": [`${FIRST}.units`, "12", 'but has "12"'],
  "units that the weights do not have": [
    `${FIRST}.units`,
    8192,
    'but the layer "gru" (GRU) has 8192 units and the layer "gru_1" (GRU) 12',
  ],
  "another size in the decoder": [
    `${THIRD}.units`,
    13,
    'but the layer "gru" (GRU) has 12 units and the layer "gru_2" (GRU) 13',
  ],
  "other symbols than the weights have": [
    `${FIRST}.batch_input_shape`,
    [null, 5, 13],
    "whose sourceSymbols is 13, but have 12",
  ],
  "an input of two dimensions": [`${FIRST}.batch_input_shape`, [null, 5], "but has 2 dimensions"],
  "an input of four dimensions": [
    `${FIRST}.batch_input_shape`,
    [null, 5, 5, 5],
    "but has 4 dimensions",
  ],
  "2^53 symbols": [`${FIRST}.batch_input_shape`, [null, 5, 2 ** 53], "integer"],
  "2^52 symbols": [`${FIRST}.batch_input_shape`, [null, 5, 2 ** 52], "but is 4503599627370496"],
  "2^52 time steps": [`${FIRST}.batch_input_shape`, [null, 2 ** 52, 12], "but is 4503599627370496"],
  "a negative number of time steps": [`${FIRST}.batch_input_shape`, [null, -5, 12], "integer"],
  "a name that is a number": [`${FIRST}.name`, 1, "the name of layer 0 must be a text, but is 1"],
  "two layers of one name": [`${SECOND}.name`, "gru", "but two are equal"],
  "no manifest": ["weightsManifest", undefined, "weightsManifest"],
  "a manifest that is an object": ["weightsManifest", {}, "must be a list"],
  "a manifest without weights": ["weightsManifest", [], 'the layer "gru" must have one weight'],
  "100,000 groups": ["weightsManifest", new Array(1e5).fill(0), "at most 1024"],
  "paths that are a text": ["weightsManifest.0.paths", "weights.bin", "must be a list"],
  "no file": ["weightsManifest.0.paths", [], "the weights in no file must have"],
  "a file that is not there": [PATH, "other.bin", 'the file "other.bin" must be there'],
  "a file named twice": ["weightsManifest.0.paths.1", WEIGHTS, "must be named once"],
  "a file of a folder above": [PATH, "../weights.bin", "plain name of a file"],
  "a file of a folder above, with backslashes": [PATH, "..\\weights.bin", "plain name of a file"],
  "a file of a folder above that is here first": [PATH, "./../weights.bin", "plain name"],
  "a file of a folder above in percents": [PATH, "%2e%2e%2fweights.bin", "plain name"],
  "a file from the root": [PATH, "/etc/passwd", "plain name of a file"],
  "a file of a device": [PATH, "C:weights.bin", "plain name of a file"],
  "an address": [PATH, "https://example.org/weights.bin", "plain name of a file"],
  "an address of a file": [PATH, "file:///etc/passwd", "plain name of a file"],
  "an address with data": [PATH, "data:,x", "plain name of a file"],
  "a folder": [PATH, "weights/", "plain name of a file"],
  "the folder itself": [PATH, ".", "plain name of a file"],
  "the folder above": [PATH, "..", "plain name of a file"],
  "a name without letters": [PATH, "", "plain name of a file"],
  "a hidden file": [PATH, ".env", "plain name of a file"],
  "a name with a zero": [PATH, "weights\0.bin", "plain name of a file"],
  "a name with a line's end": [PATH, "weights\n.bin", "plain name of a file"],
  "a file whose name is a number": [PATH, 1, "plain name of a file"],
  "model.json as weights": [PATH, "model.json", "plain name of a file"],
  "quantised weights": [`${ENTRY}.quantization`, { scale: 1 }, 'unknown key "quantization"'],
  "weights of an optimiser": [`${ENTRY}.group`, "optimizer", 'must be "model"'],
  "weights of int32": [`${ENTRY}.dtype`, "int32", 'must be "float32", but is "int32"'],
  "weights of float16": [`${ENTRY}.dtype`, "float16", 'must be "float32"'],
  "weights of texts": [`${ENTRY}.dtype`, "string", 'must be "float32"'],
  "a weight without a name": [`${ENTRY}.name`, undefined, "name"],
  "a weight of another layer": [`${ENTRY}.name`, "lstm/kernel", 'the layer "gru" must have one'],
  "a weight of a layer within the layer": [`${ENTRY}.name`, "gru/a/b/kernel", "must have one"],
  "a weight listed twice": [`${ENTRY}.name`, "gru/bias", "is listed twice"],
  "a weight that has two places": [`${ENTRY}.name`, "gru/a/bias", "must have one weight"],
  "a shape that is a number": [`${ENTRY}.shape`, 432, "shape"],
  "a shape of no dimension": [`${ENTRY}.shape`, [], "must have"],
  "a shape of five dimensions": [`${ENTRY}.shape`, [1, 1, 1, 12, 36], "at most 4"],
  "a negative shape": [`${ENTRY}.shape`, [-12, -36], "integer"],
  "a shape of 2^53": [`${ENTRY}.shape`, [2 ** 53, 1], "integer"],
  "a shape whose product is infinite": [`${ENTRY}.shape`, new Array(4).fill(2 ** 52), "bytes"],
  "a shape of another order": [`${ENTRY}.shape`, [36, 12], "but has (12, 36)"],
  "a longer shape": [`${ENTRY}.shape`, [12, 37], "as their shapes say"],
  "metadata that are a list": ["userDefinedMetadata", [], "userDefinedMetadata"],
  "a description that is an object": ["userDefinedMetadata.carry", {}, "must be a string"],
  "a description that is no JSON": ["userDefinedMetadata.carry", "{no", "says of its model"],
  "a description of a later version": [
    "userDefinedMetadata.carry",
    '{"format":"carry-model-9","problem":{},"model":{}}',
    "carry-model-9",
  ],
};

/** What the description of the model may say instead. */
const DESCRIPTIONS: Readonly<Record<string, Change>> = {
  "a description of an LSTM": ["model.cell", "lstm", "cell must be gru, but is lstm"],
  "a description of other layers": ["model.layers", 3, "layers must be 2, but is 3"],
  "a description of another size": ["model.hiddenSize", 13, "hiddenSize must be 12, but is 13"],
  "a description of an attention": ["model.decoder", "attention", "says of its model"],
  "a description of other lengths": ["model.source.length", 6, "characters of a source"],
  "a description of 10^9 characters": ["model.source.length", 1e9, "from 1 to 4096"],
  "a description of a symbol twice": ["model.target.symbols.1", " ", "must appear once"],
  "a description of an unknown problem": ["problem.name", "constructor", '"constructor"'],
  "a description of another problem": ["problem.digits", 3, "must fit the problem"],
};

/** What a value may be instead, in a functional model. */
const LINKS: Readonly<Record<string, Change>> = {
  "a layer that reads itself": link(
    2,
    [[["gru_1", 0, 0, {}]]],
    'but "repeat_vector" does not read "gru"',
  ),
  "two layers that read one": link(
    3,
    [[["gru", 0, 0, {}]]],
    'but "gru_1" does not read "repeat_vector"',
  ),
  "a layer that reads nothing that is there": link(
    3,
    [[["x", 0, 0, {}]]],
    'but "gru_1" does not read "repeat_vector"',
  ),
  "a layer that reads two": link(
    3,
    [[["gru", 0, 0, {}], ["gru_1", 0, 0, {}]]],
    '"gru_1" must have one tensor as its input, but has not',
  ),
  "a layer that is used twice": link(
    3,
    [[["gru_1", 0, 0, {}]], [["gru", 0, 0, {}]]],
    'every layer must be called once, but "gru_1" is 2 times',
  ),
  "a second output of a layer": link(
    3,
    [[["gru_1", 0, 1, {}]]],
    'but "gru_1" does not read "repeat_vector"',
  ),
  "a second use of a layer": link(
    3,
    [[["gru_1", 1, 0, {}]]],
    'but "gru_1" does not read "repeat_vector"',
  ),
  "options of a call": link(
    3,
    [[["gru_1", 0, 0, { training: true }]]],
    'but "gru_1" does not read "repeat_vector"',
  ),
  "a link that is a number": link(3, [1], 'the inputs of "gru_1" must be a list, but is 1'),
  "links that are an object": link(3, {}, 'the calls of "gru_1" must be a list, but is an object'),
  "two layers of the input": link(3, [], 'every layer must be called once, but "gru_1" is 0 times'),
  "no input": [
    "modelTopology.config.input_layers",
    [],
    'its input must be that of "input" alone, but is not',
  ],
  "another input": [
    "modelTopology.config.input_layers",
    [["gru", 0, 0]],
    'its input must be that of "input" alone, but is not',
  ],
  "two inputs": [
    "modelTopology.config.input_layers",
    [["input", 0, 0], ["input", 0, 0]],
    'its input must be that of "input" alone, but is not',
  ],
  "an output in the middle": [
    "modelTopology.config.output_layers",
    [["gru", 0, 0]],
    'its output must be that of "activation" alone, but is not',
  ],
  "a name that is not the layer's": [`${LAYERS}.1.name`, "other", 'but are "other" and "gru"'],
  "a sparse input": [`${LAYERS}.0.config.sparse`, true, "sparse"],
};

/** All cases by name. */
export function listHostile(): Map<string, HostileCase> {
  const cases = new Map<string, HostileCase>([
    ["no model.json", [new Map(), "one of its files must be model.json"]],
    ["a file that is too short", [withWeights((bytes) => bytes.slice(1)), "as their shapes say"]],
    ["a file that is too long", [
      withWeights((bytes) => Uint8Array.of(...bytes, 0)),
      "as their shapes say",
    ]],
    ["an empty file", [withWeights(() => new Uint8Array(0)), "but have 0"]],
    ["a weight that is not a number", [
      withValue(NaN),
      'every value of "gru/kernel" must be finite',
    ]],
    ["a weight that is infinite", [
      withValue(-Infinity),
      'every value of "gru/kernel" must be finite',
    ]],
  ]);
  const add = (name: string, value: HostileCase): void => {
    if (cases.has(name)) throw new Error(`two cases are called "${name}"`);
    cases.set(name, value);
  };
  for (const [name, [text, message]] of Object.entries(TEXTS)) {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    add(name, [new Map([...GIVEN, [MODEL, bytes]]), message]);
  }
  for (const [name, [path, value, message]] of Object.entries(CHANGES)) {
    add(name, [changeJson(GIVEN, path, value), message]);
  }
  for (const [name, [path, value, message]] of Object.entries(DESCRIPTIONS)) {
    const { carry } = readJson(GIVEN).userDefinedMetadata as { readonly carry: string };
    const changed = JSON.parse(carry);
    change(changed, path, value);
    const files = changeJson(GIVEN, "userDefinedMetadata.carry", JSON.stringify(changed));
    add(name, [files, message]);
  }
  for (const [name, [path, value, message]] of Object.entries(LINKS)) {
    add(name, [changeJson(FUNCTIONAL, path, value), message]);
  }
  return cases;
}

/** Reads `model.json`. */
export function readJson(files: Files): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(files.get(MODEL)));
}

/** Replaces `model.json`. */
export function withJson(files: Files, value: unknown): Files {
  return new Map([...files, [MODEL, new TextEncoder().encode(JSON.stringify(value))]]);
}

/** Replaces the weights of the given model. */
export function withWeights(
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): Files {
  return new Map([...GIVEN, [WEIGHTS, change(GIVEN.get(WEIGHTS)!)]]);
}

function withValue(value: number): Files {
  return withWeights((bytes) => {
    const changed = bytes.slice();
    new DataView(changed.buffer).setFloat32(8, value, true);
    return changed;
  });
}

/** Changes one value of `model.json`. */
function changeJson(files: Files, path: string, value: unknown): Files {
  const whole = readJson(files);
  change(whole, path, value);
  return withJson(files, whole);
}

/** Changes one value within another one. */
function change(whole: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split(".");
  const last = names.pop()!;
  const place = names.reduce((object, name) => object[name] as Record<string, unknown>, whole);
  if (value === undefined) delete place[last];
  else place[last] = value;
}

function link(layer: number, nodes: unknown, message: string): Change {
  return [`${LAYERS}.${layer}.inbound_nodes`, nodes, message];
}

function soft(axis: number): unknown {
  return { class_name: "Softmax", config: { name: "softmax", axis } };
}

/** Writes a Sequential as the functional model that has the same layers. */
function asFunctional(files: Files): Files {
  const whole = readJson(files) as { modelTopology: { config: { layers: Named[] } } };
  const { layers } = whole.modelTopology.config;
  const input = {
    class_name: "InputLayer",
    config: { name: "input", batch_input_shape: [null, 5, 12], dtype: "float32", sparse: false },
  };
  const linked = [input, ...layers].map(({ class_name, config }, i, all) => ({
    ...{ class_name, config, name: config.name },
    inbound_nodes: i === 0 ? [] : [[[all[i - 1]!.config.name, 0, 0, {}]]],
  }));
  const config = {
    ...{ name: "model", layers: linked },
    ...{ input_layers: [["input", 0, 0]], output_layers: [[linked.at(-1)!.name, 0, 0]] },
  };
  return withJson(files, { ...whole, modelTopology: { class_name: "Model", config } });
}

interface Named {
  readonly class_name: string;
  readonly config: { readonly name: string };
}
