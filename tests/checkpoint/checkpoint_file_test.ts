import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { readCheckpoint, readCheckpointState } from "../../src/checkpoint/checkpoint_file.ts";
import type { ReadableFile } from "../../src/checkpoint/file_system.ts";
import { MAX_FILE_BYTES } from "../../src/checkpoint/limits.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { canUseFiles } from "../permissions.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";

/** A file that begins with these bytes and continues with zeros. It counts the bytes that are read. */
function openSparse(
  bytes: Uint8Array<ArrayBuffer>,
  sizeBytes: number,
): { readonly file: ReadableFile; readonly taken: () => number } {
  let taken = 0;
  const file: ReadableFile = {
    sizeBytes,
    read(at, length): Promise<Uint8Array<ArrayBuffer>> {
      taken += length;
      const part = new Uint8Array(length);
      part.set(bytes.subarray(at, at + length));
      return Promise.resolve(part);
    },
    [Symbol.dispose](): void {},
  };
  return { file, taken: () => taken };
}

const GIB = 2 ** 30;
const bytes = await encodeCheckpoint(markCheckpoint(3));

Deno.test("readCheckpoint() reads what encodeCheckpoint() wrote", async () => {
  const { file } = openSparse(bytes, bytes.length);
  assertEquals(await readCheckpoint(file), markCheckpoint(3));
});

Deno.test("readCheckpointState() reads the state and little of the file", async () => {
  const large = await encodeCheckpoint(markCheckpoint(3, 100_000));
  const { file, taken } = openSparse(large, large.length);
  assertEquals((await readCheckpointState(file)).progress, markCheckpoint(3).progress);
  assert(taken() < 8192, `${taken()} bytes were read`);
});

Deno.test("a file of 3 GiB that has the header of a small model is refused before it is read", async () => {
  const { file, taken } = openSparse(bytes, 3 * GIB);
  await assertRejects(
    () => readCheckpoint(file),
    SyntaxError,
    `its header says that the file has ${bytes.length} bytes, but it has ${3 * GIB}`,
  );
  assert(taken() < 8192, `${taken()} bytes were read`);
});

Deno.test("a file of 3 GiB whose tensors are not those of its model is refused before it is read", async () => {
  const { metadata } = decodeSafetensors(bytes);
  const count = 3 * GIB / 4;
  const entry = `"a":{"dtype":"F32","shape":[${count}],"data_offsets":[0,${4 * count}]}`;
  const history = `"progress/history":{"dtype":"F64","shape":[0,7],"data_offsets":[0,0]}`;
  const carry = JSON.stringify(metadata.carry!.replace('"step":3,"batch":0', '"step":3,"batch":3'));
  const header = new TextEncoder().encode(
    `{"__metadata__":{"sha256":"","format":"carry-2","carry":${carry}},${history},${entry}}`,
  );
  const start = new Uint8Array(8 + header.length);
  new DataView(start.buffer).setBigUint64(0, BigInt(header.length), true);
  start.set(header, 8);
  const { file, taken } = openSparse(start, start.length + 4 * count);
  await assertRejects(() => readCheckpoint(file), SyntaxError, '"simple_rnn/kernel" must');
  assert(taken() < 8192, `${taken()} bytes were read`);
});

Deno.test("a file above the largest size is refused, and one below it is not", async () => {
  for (
    const [size, message] of [
      [MAX_FILE_BYTES - 1, "its header says that the file has"],
      [MAX_FILE_BYTES, "its header says that the file has"],
      [MAX_FILE_BYTES + 1, `it must have at most ${MAX_FILE_BYTES} bytes, but has`],
    ] as const
  ) {
    const { file } = openSparse(bytes, size);
    await assertRejects(() => readCheckpoint(file), SyntaxError, message);
  }
});

Deno.test("every beginning of a checkpoint is refused", async () => {
  for (let length = 0; length < bytes.length; length++) {
    const { file } = openSparse(bytes.slice(0, length), length);
    await assertRejects(() => readCheckpoint(file), SyntaxError, "Cannot read");
  }
});

Deno.test("a safetensors file of another program is refused", async () => {
  const other = encodeSafetensors({ tensors: [], metadata: { format: "pt" } });
  const { file } = openSparse(other, other.length);
  await assertRejects(() => readCheckpoint(file), SyntaxError, 'but is "pt"');
});

Deno.test({
  name: "readRun() refuses a sparse checkpoint of 3 GiB at once, and uses the one before it",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    try {
      await Deno.writeFile(`${folder}/previous.safetensors`, bytes);
      await Deno.writeFile(`${folder}/latest.safetensors`, bytes);
      await Deno.truncate(`${folder}/latest.safetensors`, 3 * GIB);
      const before = Deno.memoryUsage().rss;
      const { path, skipped } = await readRun(folder);
      assertEquals(path, `${folder}/previous.safetensors`);
      assert(skipped[0]!.includes("its header says that the file has"), skipped[0]);
      assert(Deno.memoryUsage().rss - before < 256 * 2 ** 20, "the file was read");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
