import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Hdf5Attributes, Hdf5Dataset, Hdf5Group } from "../../src/interop/hdf5/hdf5_tree.ts";
import { writeHdf5 } from "../../src/interop/hdf5/write_hdf5.ts";
import { hasPython, runPython } from "./python.ts";

/** Prints everything in a file, and how each dataset is stored. */
const LIST = String.raw`
import h5py, json, sys
listed = {}
def show(name, item):
    attributes = {key: value.tolist() if hasattr(value, "tolist") else value for key, value in item.attrs.items()}
    dataset = isinstance(item, h5py.Dataset)
    listed[name] = [attributes, [str(item.dtype), item.shape, item[()].tolist(), item.chunks] if dataset else None]
file = h5py.File(sys.argv[1])
show("", file)
file.visititems(show)
print(json.dumps(listed))
`;

function group(
  members: Readonly<Record<string, Hdf5Group | Hdf5Dataset>>,
  attributes: Hdf5Attributes = new Map(),
): Hdf5Group {
  return { type: "group", attributes, members: new Map(Object.entries(members)) };
}

Deno.test({
  name: "h5py reads the groups, datasets and attributes of a written file (needs Python with h5py)",
  ignore: !hasPython("h5py"),
  async fn(): Promise<void> {
    const long = "é".repeat(100_000); // longer than an object's header may be
    const tree = group(
      {
        empty: group({}),
        "with spaces": group({
          "0": { type: "dataset", shape: [], values: Int32Array.of(-5) },
          "1": { type: "dataset", shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6.5) },
          none: { type: "dataset", shape: [0], values: new Float32Array() },
        }),
      },
      new Map<string, string | readonly string[] | number>([
        ...[["text", long], ["blank", ""], ["list", ["a", "bé"]], ["nothing", []]] as const,
        ...[["integer", 3], ["number", 0.5]] as const,
      ]),
    );
    const path = await Deno.makeTempFile();
    await Deno.writeFile(path, await writeHdf5(tree));
    assertEquals(JSON.parse(await runPython(LIST, path)), {
      "": [
        { text: long, blank: "", list: ["a", "bé"], nothing: [], integer: 3, number: 0.5 },
        null,
      ],
      "empty": [{}, null],
      "with spaces": [{}, null],
      "with spaces/0": [{}, ["int32", [], -5, null]],
      "with spaces/1": [{}, ["float32", [2, 3], [[1, 2, 3], [4, 5, 6.5]], null]],
      "with spaces/none": [{}, ["float32", [0], [], null]],
    });
    await Deno.remove(path);
  },
});

Deno.test("values that look like the time of a dataset are written as they are", async () => {
  const time = Int32Array.of(0x0008_0012, 0, 1, 77);
  const values = Int32Array.from([...time, ...time, ...time]);
  const bytes = await writeHdf5(group({ a: { type: "dataset", shape: [12], values } }));
  const written = new Uint8Array(values.buffer).join();
  assert(bytes.join().includes(written));
});

Deno.test("what the HDF5 library refuses is an error with its reason, and it can write then", async () => {
  const scalar: Hdf5Dataset = { type: "dataset", shape: [], values: Int32Array.of(1) };
  await assertRejects(
    () => writeHdf5(group({ "no/group": group({ scalar }) })),
    RangeError,
    'Cannot write an HDF5 file: the library says "unable to synchronously create group"',
  );
  await assertRejects(
    () => writeHdf5(group({ a: { type: "dataset", shape: [2], values: Int32Array.of(1) } })),
    RangeError,
    "Cannot write an HDF5 file",
  );
  assert((await writeHdf5(group({ scalar }))).length > 0);
});
