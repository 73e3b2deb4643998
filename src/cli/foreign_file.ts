/** Reads a model that another program has written, from a file or a folder. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { openToRead } from "../checkpoint/file_system.ts";
import { parentOf } from "../checkpoint/files.ts";
import { describeSystemError } from "../checkpoint/system_error.ts";
import type { ImportOptions } from "../interop/foreign_model.ts";
import { MAX_MODEL_FILE_BYTES, MODEL_FILE } from "../interop/tfjs/tfjs_format.ts";

/** Most bytes of a file: the largest model of ours has fewer, with its optimiser's state. */
const MAX_BYTES = 2 ** 31;

/**
 * Reads a Keras model (`.keras`, `.weights.h5`, `.h5`), or a folder of TensorFlow.js or its `model.json`. What a file is, its bytes say,
 * whatever its name.
 *
 * @throws {Error} if it cannot be read, or holds something else than a model of ours, with the reason
 */
export async function readForeignFile(path: string, options: ImportOptions): Promise<Checkpoint> {
  const isFolder = (await explain(path, () => Deno.stat(path))).isDirectory;
  if (isFolder || path.endsWith(`/${MODEL_FILE}`) || path === MODEL_FILE) {
    const folder = isFolder ? path.replace(/(?<=.)\/+$/, "") : parentOf(path);
    const { importTfjs } = await import("../interop/tfjs/import_tfjs.ts");
    return await importTfjs(await readFolder(folder), options);
  }
  const bytes = await readWhole(path);
  const { importKeras } = await import("../interop/keras/import_keras.ts");
  return await importKeras(bytes, options);
}

/** Reads `model.json` in a folder of TensorFlow.js, and the files that it names. Others are not opened. */
async function readFolder(folder: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const isThere = await explain(folder, async () => {
    for await (const { name } of Deno.readDir(folder)) if (name === MODEL_FILE) return true;
    return false;
  });
  if (!isThere) {
    throw new Error(
      `Cannot import "${folder}": it must hold ${MODEL_FILE}, as a folder of TensorFlow.js does`,
    );
  }
  const { listTfjsFiles } = await import("../interop/tfjs/import_tfjs.ts");
  const modelFile = await readInside(folder, MODEL_FILE, MAX_MODEL_FILE_BYTES);
  const files = new Map([[MODEL_FILE, modelFile]]);
  let size = modelFile.length;
  for (const name of listTfjsFiles(modelFile)) {
    const bytes = await readInside(folder, name, MAX_BYTES - size);
    size += bytes.length;
    files.set(name, bytes);
  }
  return files;
}

/** Reads a file of a folder, which is no link to elsewhere. */
async function readInside(
  folder: string,
  name: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = `${folder}/${name}`;
  await explain(path, async () => {
    if ((await Deno.lstat(path)).isSymlink) throw new Error("it must be a file, but is a link");
  });
  return await readWhole(path, most);
}

async function readWhole(path: string, most = MAX_BYTES): Promise<Uint8Array<ArrayBuffer>> {
  return await explain(path, async () => {
    using opened = await openToRead(path);
    const { file, info: { size } } = opened;
    if (size > most) {
      throw new RangeError(`it must have at most ${most} bytes, but has ${size}`);
    }
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size;) {
      const count = await file.read(bytes.subarray(at));
      if (count === null) throw new Error("it became shorter while it was read");
      at += count;
    }
    return bytes;
  });
}

/** Explains an error in a sentence. */
async function explain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = describeSystemError(error).replace(/^Cannot read "[^"]*": /, "");
    throw new Error(`Cannot import "${path}": ${reason}`, { cause: error });
  }
}
