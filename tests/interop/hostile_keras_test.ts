import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import type { Hdf5Dataset, Hdf5Group } from "../../src/interop/hdf5/hdf5_tree.ts";
import { readHdf5 } from "../../src/interop/hdf5/read_hdf5.ts";
import { writeHdf5 } from "../../src/interop/hdf5/write_hdf5.ts";
import { importKeras } from "../../src/interop/keras/import_keras.ts";
import { exportOnnx } from "../../src/interop/onnx/export_onnx.ts";
import { exportSafetensors } from "../../src/interop/safetensors/export_safetensors.ts";
import { makeCheckpoint } from "./exported_models.ts";
import { type HostileCase, testHostile } from "./hostile_case.ts";
import {
  type Any,
  type ConfigCase,
  FUNCTIONAL_CASES,
  LAYER_CASES,
  MODEL_CASES,
} from "./hostile_config_cases.ts";
import { readKerasFile, SUMS } from "./keras_files.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const SEQUENTIAL = await readArchive("lstm.keras");
const FUNCTIONAL = await readArchive("gru.keras");

/** The files in an archive. */
type Archive = Readonly<Record<string, Uint8Array>>;

async function readArchive(name: string): Promise<Archive> {
  return unzipSync((await readKerasFile(name)).bytes);
}

function pack(files: Archive): Bytes {
  return new Uint8Array(zipSync({ ...files }, { level: 0, mtime: new Date(2000, 0, 1) }));
}

/** Changes the text of a file in an archive. */
function edit(archive: Archive, name: string, change: (text: string) => string): Bytes {
  return pack({ ...archive, [name]: strToU8(change(strFromU8(archive[name]!))) });
}

/** Changes a configuration. */
function editConfig(archive: Archive, change: ConfigCase[2]): Bytes {
  return edit(archive, "config.json", (text) => {
    const config = JSON.parse(text);
    change(config);
    return JSON.stringify(config);
  });
}

const toCases = (archive: Archive, cases: readonly ConfigCase[]): HostileCase[] =>
  cases.map(([name, says, change]) => ({ name, says, make: () => editConfig(archive, change) }));

const read = (bytes: Bytes): Promise<unknown> => importKeras(bytes, SUMS);

testHostile("importKeras()", [
  ...toCases(SEQUENTIAL, [...LAYER_CASES, ...MODEL_CASES]),
  ...toCases(FUNCTIONAL, FUNCTIONAL_CASES),
], read);

const config = (name: string, says: string, change: (text: string) => string): HostileCase => ({
  ...{ name, says, make: () => edit(SEQUENTIAL, "config.json", change) },
});
const metadata = (name: string, says: string, value: unknown): HostileCase => ({
  ...{ name, says },
  make: () => edit(SEQUENTIAL, "metadata.json", () => JSON.stringify(value)),
});

testHostile("importKeras()", [
  { name: "no byte", says: "begins otherwise", make: () => new Uint8Array(0) },
  { name: "a text", says: "begins otherwise", make: () => strToU8("{}") as Bytes },
  {
    name: "a file of ONNX",
    says: "is one of ONNX: such files are exported, and do not come in",
    make: async () => exportOnnx(await makeCheckpoint({ steps: 0 })),
  },
  {
    name: "a file of safetensors",
    says: "(a model of TensorFlow.js comes in as a folder), but is one of safetensors",
    make: async () => exportSafetensors(await makeCheckpoint({ steps: 0 })),
  },
  config("a configuration that is no JSON", "config.json must be JSON", () => "{"),
  config("a list as its configuration", "config.json must be an object", () => "[]"),
  config("an empty configuration", "config.json must be JSON", () => ""),
  config(
    "a key that occurs twice",
    "occurs twice",
    (text) => text.replace("{", '{"module": "os",'),
  ),
  config("a configuration 100,000 deep", "16 levels", () => "[".repeat(100_000)),
  config(
    "a number beyond the doubles",
    "but is Infinity",
    (text) => text.replaceAll('"units": 4', '"units": 1e309'),
  ),
  config(
    "NaN, as Python writes it",
    "config.json must be JSON",
    (text) => text.replaceAll('"dropout": 0.0', '"dropout": NaN'),
  ),
  config(
    "__proto__ as a key",
    "__proto__",
    (text) => text.replace('"module"', '"__proto__": {"polluted": true}, "module"'),
  ),
  config(
    "constructor as an option",
    '"constructor"',
    (text) => text.replace('"units"', '"constructor": {"prototype": {"polluted": true}}, "units"'),
  ),
  config("a file of 5 MB", "must have at most 4194304 bytes", (text) => text + " ".repeat(5e6)),
  {
    name: "bytes that are not UTF-8",
    says: "must be UTF-8",
    make: () => pack({ ...SEQUENTIAL, "config.json": Uint8Array.of(0x22, 0xff, 0x22) }),
  },
  ...["config.json", "metadata.json", "model.weights.h5"].map((name) => ({
    name: `an archive without ${name}`,
    says: `must hold ${name}, but does not`,
    make: (): Bytes =>
      pack(Object.fromEntries(Object.entries(SEQUENTIAL).filter(([each]) => each !== name))),
  })),
  {
    name: "weights in another format",
    says: '"model.weights.npz"',
    make: () => pack({ ...SEQUENTIAL, "model.weights.npz": new Uint8Array(3) }),
  },
  {
    name: "assets",
    says: '"assets/vocabulary.txt"',
    make: () => pack({ ...SEQUENTIAL, "assets/vocabulary.txt": new Uint8Array(3) }),
  },
  {
    name: "weights that are no HDF5 file",
    says: "signature",
    make: () => pack({ ...SEQUENTIAL, "model.weights.h5": new Uint8Array(3000) }),
  },
  metadata("metadata that is a list", "metadata.json", []),
  metadata("a description that is a number", "carry must be a text", { carry: 3 }),
  metadata("a description that is no JSON", "what the file says of its model", { carry: "{" }),
  metadata("a description of nothing", "what the file says of its model", { carry: "{}" }),
], read);

/** Changes the tensors of a file. */
type TreeChange = (root: Hdf5Group, tensor: (path: string) => Any) => unknown;

function weights(name: string, says: string, change: TreeChange): HostileCase {
  return {
    ...{ name, says },
    async make(): Promise<Bytes> {
      const bytes = new Uint8Array(SEQUENTIAL["model.weights.h5"]!);
      const limits = { depth: 10, objects: 999, values: 1e6, attributeBytes: 1e6 };
      const root = await readHdf5(bytes, limits);
      change(root, (path) => find(root, path));
      return pack({ ...SEQUENTIAL, "model.weights.h5": await writeHdf5(root) });
    },
  };
}

function find(root: Hdf5Group, path: string): Any {
  let found: Hdf5Group | Hdf5Dataset | undefined = root;
  for (const name of path.split("/")) {
    found = found?.type === "group" ? found.members.get(name) : undefined;
  }
  return found;
}

const CELL = "layers/lstm/cell/vars";
const ADAM = "optimizer/vars";
const tensor = (shape: readonly number[], values: Float32Array | Int32Array): Hdf5Dataset => ({
  ...{ type: "dataset", shape, values },
});

/** Makes an archive that grows, whose file of weights says that it grows again. */
async function makeTwiceGrown(): Promise<Bytes> {
  const [count, more] = [54_321, 1_000_000];
  const noise = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i)); // does not become smaller
  const members = new Map([
    ["x", tensor([count], new Float32Array(count))],
    ["y", tensor([noise.length], noise)],
  ]);
  const weights = await writeHdf5({ type: "group", attributes: new Map(), members });
  const view = new DataView(weights.buffer);
  for (let at = 0; at + 8 <= weights.length; at++) {
    if (view.getBigUint64(at, true) === BigInt(count)) view.setBigUint64(at, BigInt(more), true);
  }
  return new Uint8Array(zipSync({ ...SEQUENTIAL, "model.weights.h5": weights }, { level: 9 }));
}

testHostile("importKeras()", [{
  name: "values that grow with the archive and again within it",
  says: " values, but has the shape (1000000)",
  make: makeTwiceGrown,
}], read);

testHostile("importKeras()", [
  weights("a kernel that is missing", "its kernels", (_, at) => at(CELL).members.delete("0")),
  weights(
    "a bias that is missing",
    "3 tensors, but has 2",
    (_, at) => at(CELL).members.delete("2"),
  ),
  weights(
    "a layer that is missing",
    "3 tensors, but has 0",
    (_, at) => at("layers").members.delete("lstm_1"),
  ),
  weights(
    "a tensor too many",
    "4",
    (_, at) => at(CELL).members.set("3", tensor([1], Float32Array.of(1))),
  ),
  weights("a tensor of no layer", '"layers/lambda/vars/0"', (_, at) => {
    at("layers").members.set("lambda", structuredClone(at("layers/time_distributed/layer")));
  }),
  weights(
    "a name that a terminal would obey",
    String.raw`"\u001b[2J\u202ex"`,
    (root) =>
      (root.members as Map<string, Hdf5Dataset>).set(
        "\x1b[2J\u202ex",
        tensor([1], Float32Array.of(1)),
      ),
  ),
  weights(
    "a name of 10,000 characters",
    '"xxxx',
    (root) =>
      (root.members as Map<string, Hdf5Dataset>).set(
        "x".repeat(10_000),
        tensor([1], Float32Array.of(1)),
      ),
  ),
  weights(
    "a tensor at the top",
    '"x"',
    (root) => (root.members as Map<string, Hdf5Dataset>).set("x", tensor([1], Float32Array.of(1))),
  ),
  weights(
    "a kernel of another shape",
    "must have the shape",
    (_, at) => at(CELL).members.set("1", tensor([4, 8], new Float32Array(32))),
  ),
  weights(
    "a kernel of one dimension",
    "must be a matrix",
    (_, at) => at(CELL).members.set("0", tensor([16], new Float32Array(16))),
  ),
  weights(
    "a kernel of three dimensions",
    "must be a matrix",
    (_, at) => at(CELL).members.set("0", tensor([12, 4, 4], new Float32Array(192))),
  ),
  weights(
    "a kernel without values",
    "must be a matrix",
    (_, at) => at(CELL).members.set("0", tensor([0, 16], new Float32Array(0))),
  ),
  weights(
    "a cell of two gates",
    "1, 3 or 4 gates",
    (_, at) => at(CELL).members.set("0", tensor([12, 8], new Float32Array(96))),
  ),
  weights(
    "a bias of two rows",
    "reset_after",
    (_, at) => at(CELL).members.set("2", tensor([2, 16], new Float32Array(32))),
  ),
  weights("weights of another cell", "its weights must be those", (_, at) => {
    for (const name of ["lstm", "lstm_1"]) {
      const { members } = at(`layers/${name}/cell/vars`);
      const rows = name === "lstm" ? 12 : 4;
      members.set("0", tensor([rows, 12], new Float32Array(12 * rows)));
      members.set("1", tensor([4, 12], new Float32Array(48)));
      members.set("2", tensor([12], new Float32Array(12)));
    }
  }),
  weights(
    "weights of another vocabulary",
    "its weights must be those",
    (_, at) => at(CELL).members.set("0", tensor([13, 16], new Float32Array(208))),
  ),
  weights(
    "a weight that is not a number",
    "must be finite, but one is NaN",
    (_, at) => at(`${CELL}/0`).values.fill(NaN, 7, 8),
  ),
  weights(
    "a weight that is infinite",
    "must be finite, but one is Infinity",
    (_, at) => at(`${CELL}/2`).values.fill(Infinity, 0, 1),
  ),
  weights(
    "weights that are integers",
    "must be of float32",
    (_, at) => at(CELL).members.set("2", tensor([16], new Int32Array(16))),
  ),
  weights(
    "a group where a tensor must be",
    "3 tensors, but has 2",
    (_, at) =>
      at(CELL).members.set("2", { type: "group", attributes: new Map(), members: new Map() }),
  ),
  weights(
    "a moment that is missing",
    "two moments of every parameter, 16, but has 15",
    (_, at) => at(ADAM).members.delete("17"),
  ),
  weights(
    "a moment too many",
    "16, but has 17",
    (_, at) => at(ADAM).members.set("18", tensor([1], Float32Array.of(1))),
  ),
  weights(
    "a moment of another shape",
    "must have the shape",
    (_, at) => at(ADAM).members.set("5", tensor([2], new Float32Array(2))),
  ),
  weights(
    "a negative second moment",
    "finite, and 0 or more, but one is -1",
    (_, at) => at(`${ADAM}/3`).values.fill(-1, 0, 1),
  ),
  weights(
    "a first moment that is not a number",
    "must be finite",
    (_, at) => at(`${ADAM}/2`).values.fill(NaN),
  ),
  weights("a negative number of steps", "but has -1", (_, at) => at(`${ADAM}/0`).values.fill(-1)),
  weights(
    "a number of steps that is a list",
    "must have the number of steps",
    (_, at) => at(ADAM).members.set("0", tensor([2], new Int32Array(2))),
  ),
  weights(
    "half a step",
    "but has 0.5",
    (_, at) => at(ADAM).members.set("0", tensor([], Float32Array.of(0.5))),
  ),
  weights("a learning rate of 0", "above 0, but is 0", (_, at) => at(`${ADAM}/1`).values.fill(0)),
  weights(
    "a learning rate that is not a number",
    "above 0, but is NaN",
    (_, at) => at(`${ADAM}/1`).values.fill(NaN),
  ),
  weights(
    "no layer",
    "lacks one",
    (root) => (root.members as Map<string, unknown>).delete("layers"),
  ),
], read);
