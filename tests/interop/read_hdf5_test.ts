import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Hdf5Dataset, Hdf5Group } from "../../src/interop/hdf5/hdf5_tree.ts";
import { loadHdf5 } from "../../src/interop/hdf5/load_hdf5.ts";
import { type Hdf5Limits, readHdf5 } from "../../src/interop/hdf5/read_hdf5.ts";
import { writeHdf5 } from "../../src/interop/hdf5/write_hdf5.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { assertUnpolluted, testHostile } from "./hostile_case.ts";
import { HDF5_CASES, readVector } from "./hostile_hdf5_cases.ts";
import { FIXTURE_NAMES, readKerasFile } from "./keras_files.ts";
import { mutate } from "./mutate.ts";

const LIMITS: Hdf5Limits = { depth: 10, objects: 400, values: 19000, attributeBytes: 100_000 };
const WIDE: Hdf5Limits = { depth: 10, objects: 9999, values: 100_000, attributeBytes: 1_000_000 };

testHostile("readHdf5()", HDF5_CASES, (bytes) => readHdf5(bytes, LIMITS));

for (const name of ["early", "v108", "latest", "gzip"]) {
  Deno.test(`readHdf5() reads a dataset of h5py: ${name}`, async () => {
    const { members } = await readHdf5(await readVector(name), LIMITS);
    assertEquals([...members.keys()], ["x"]);
    assertEquals(members.get("x"), {
      type: "dataset",
      shape: [3, 4],
      values: Float32Array.from({ length: 12 }, (_, i) => i),
    });
  });
}

/** Makes a file with the HDF5 library, in the format of its choice, which has heaps and B-trees for many members. */
async function writeNewFormat(count: number): Promise<Uint8Array<ArrayBuffer>> {
  const { library, files } = await loadHdf5();
  const file = new library.File("/new.h5", "w");
  try {
    const group = file.create_group("group");
    for (let i = 0; i < count; i++) {
      const name = `a dataset with a long name ${i}`;
      group.create_dataset({ name, data: Float32Array.of(i, -i), shape: [2] });
      if (i < 20) group.create_attribute(`attribute ${i}`, `text ${i}`);
    }
  } finally {
    file.close();
  }
  const bytes = new Uint8Array(files.readFile("/new.h5"));
  files.unlink("/new.h5");
  return bytes;
}

for (const count of [1, 8, 9, 60, 700, 3000]) {
  Deno.test(`readHdf5() reads groups of the newer format with ${count} members`, async () => {
    const { members } = await readHdf5(await writeNewFormat(count), WIDE);
    const group = members.get("group") as Hdf5Group;
    assertEquals(group.members.size, count);
    assertEquals(group.attributes.size, Math.min(20, count));
    for (let i = 0; i < count; i++) {
      const dataset = group.members.get(`a dataset with a long name ${i}`) as Hdf5Dataset;
      assertEquals(dataset.values, Float32Array.of(i, -i));
      if (i < 20) assertEquals(group.attributes.get(`attribute ${i}`), `text ${i}`);
    }
  });
}

Deno.test("readHdf5() reads a compressed dataset of many chunks, the last ones cut off", async () => {
  const { library, files } = await loadHdf5();
  const data = Float32Array.from({ length: 101 * 67 }, (_, i) => i / 3);
  const file = new library.File("/chunks.h5", "w");
  try {
    file.create_dataset({
      ...{ name: "x", data, shape: [101, 67], chunks: [4, 5] },
      ...{ compression: "gzip", compression_opts: 6 },
    });
  } finally {
    file.close();
  }
  const bytes = new Uint8Array(files.readFile("/chunks.h5"));
  files.unlink("/chunks.h5");
  const { members } = await readHdf5(bytes, LIMITS);
  assertEquals((members.get("x") as Hdf5Dataset).values, data);
});

Deno.test("readHdf5() gives back what writeHdf5() was given", async () => {
  const tree: Hdf5Group = {
    type: "group",
    attributes: new Map<string, string | string[] | number>([
      ["text", "ä ☑ \u{1f600}"],
      ["texts", ["one", "", "three"]],
      ["none", []],
      ["number", 3],
    ]),
    members: new Map<string, Hdf5Group | Hdf5Dataset>([
      ["empty", { type: "group", attributes: new Map(), members: new Map() }],
      ["scalar", { type: "dataset", shape: [], values: Float32Array.of(0.5) }],
      ["integers", { type: "dataset", shape: [2, 2], values: Int32Array.of(-1, 2, 3, 2 ** 30) }],
    ]),
  };
  assertEquals(await readHdf5(await writeHdf5(tree), LIMITS), tree);
});

Deno.test("readHdf5() leaves the bytes as they are, and its values are copies", async () => {
  const bytes = await readVector("early");
  const before = bytes.slice();
  const { members } = await readHdf5(bytes, LIMITS);
  (members.get("x") as Hdf5Dataset).values.fill(9);
  assertEquals(bytes, before);
});

Deno.test("readHdf5() reads bytes within a larger buffer", async () => {
  const bytes = await readVector("early");
  const larger = new Uint8Array(bytes.length + 7);
  larger.set(bytes, 3);
  const found = await readHdf5(larger.subarray(3, 3 + bytes.length), LIMITS);
  assertEquals(found, await readHdf5(bytes, LIMITS));
});

Deno.test("readHdf5() refuses or reads 20,000 changed files, with no other error", async () => {
  const keras = await Promise.all(
    FIXTURE_NAMES.filter((name) => name.endsWith(".h5")).map((name) => readKerasFile(name)),
  );
  const seeds = [
    ...keras.map(({ bytes }) => bytes),
    ...await Promise.all(["gzip", "latest", "early"].map(readVector)),
    await writeNewFormat(20),
  ];
  const prng = forkPrng(1, "changed HDF5 files");
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = mutate(seeds[i % seeds.length]!, prng);
    try {
      await readHdf5(bytes, LIMITS);
    } catch (error) {
      if (!(error instanceof SyntaxError) || !error.message.startsWith("Cannot read the HDF5")) {
        throw new Error(`Case ${i} must be refused with a sentence`, { cause: error });
      }
      refused++;
    }
  }
  assert(refused > 5000, `only ${refused} were refused`);
  assertUnpolluted();
});

Deno.test("readHdf5() can be called again after an error", async () => {
  const bytes = await readVector("early");
  await assertRejects(() => readHdf5(bytes.slice(0, 999), LIMITS), SyntaxError);
  assertEquals((await readHdf5(bytes, LIMITS)).members.size, 1);
});
