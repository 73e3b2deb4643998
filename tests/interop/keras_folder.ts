/** Folders of exported models, which a Python program reads. @module */
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { exportKeras, exportKerasWeights } from "../../src/interop/keras/export_keras.ts";
import { type MadeModel, makeCheckpoint } from "./exported_models.ts";

/** Makes a folder, and removes it after the work. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes JSON. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return Deno.writeTextFile(path, JSON.stringify(value));
}

/** Reads float32 values. */
export async function readFloats(path: string): Promise<Float32Array> {
  return new Float32Array((await Deno.readFile(path)).buffer);
}

/** Makes checkpoints, and writes a file of each to a folder. */
export async function exportAll(
  folder: string,
  made: Readonly<Record<string, MadeModel>>,
): Promise<ReadonlyMap<string, Checkpoint>> {
  const checkpoints = new Map<string, Checkpoint>();
  for (const [name, shape] of Object.entries(made)) {
    const checkpoint = await makeCheckpoint(shape);
    checkpoints.set(name, checkpoint);
    const optimizer = { optimizer: true };
    await Deno.writeFile(`${folder}/${name}.keras`, await exportKeras(checkpoint, optimizer));
    await Deno.writeFile(`${folder}/${name}.weights.h5`, await exportKerasWeights(checkpoint));
  }
  await writeJson(`${folder}/models.json`, [...checkpoints.keys()]);
  return checkpoints;
}
