/** The parts of a file that Keras has saved, in any of its formats. @module */
import { parseStrictJson } from "../../arguments/strict_json.ts";
import type { Hdf5Group } from "../hdf5/hdf5_tree.ts";
import { type Hdf5Limits, readHdf5 } from "../hdf5/read_hdf5.ts";
import { isHdf5 } from "../hdf5/read_superblock.ts";
import { parsePortable, PORTABLE_KEY, type PortableModel } from "../portable.ts";
import { refuseOtherFile } from "./refuse_other_file.ts";
import { readZip } from "../zip/read_zip.ts";
import { type Json, needObject, needText, refuse } from "./keras_fault.ts";
import { type KerasTree, openTree } from "./keras_tree.ts";

/** A configuration of 100 layers has about 250 kB; the symbols of a model far less than 1 MB. */
const MOST_JSON_BYTES = 4 * 2 ** 20;
/**
 * Files of weights hardly become smaller; moments that are all zero do. What grows more than this is made to. It is the growth from the
 * given bytes on: an archive and the file of weights in it do not each have it.
 */
const MOST_GROWTH = 64;
/** 1 GiB of values. */
const MOST_VALUES = 2 ** 28;

/** What a file holds, whatever its format is. */
export interface KerasFile {
  readonly format: "keras" | "weights" | "legacy";
  readonly tree: KerasTree;
  /** The configuration of the model; undefined if it has none. */
  readonly config: Json | undefined;
  /** How it was compiled; undefined if it was not. */
  readonly training: Json | undefined;
  readonly version: unknown;
  readonly portable: PortableModel | undefined;
}

/** Opens a file of any of the formats, which its content says. */
export async function openKerasFile(bytes: Uint8Array<ArrayBuffer>): Promise<KerasFile> {
  if (isHdf5(bytes)) return openHdf5File(await readHdf5(bytes, limitsOf(bytes.length)));
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return await openArchive(bytes);
  throw refuseOtherFile(bytes);
}

/** @param size bytes that were given */
function limitsOf(size: number): Hdf5Limits {
  const values = Math.min(MOST_VALUES, Math.ceil(size / 4) * MOST_GROWTH);
  return { depth: 10, objects: 4000, values, attributeBytes: 4 * MOST_JSON_BYTES };
}

async function openArchive(bytes: Uint8Array<ArrayBuffer>): Promise<KerasFile> {
  const files = await readZip(bytes, {
    ...{ "metadata.json": MOST_JSON_BYTES, "config.json": MOST_JSON_BYTES },
    "model.weights.h5": Math.min(4 * MOST_VALUES, bytes.length * MOST_GROWTH),
  });
  const need = (name: string): Uint8Array<ArrayBuffer> => {
    const file = files.get(name);
    if (file === undefined) throw refuse(`the archive must hold ${name}, but does not`);
    return file;
  };
  const [metadata, config] = [
    parseJson("metadata.json", decode("metadata.json", need("metadata.json"))),
    parseJson("config.json", decode("config.json", need("config.json"))),
  ];
  const weights = need("model.weights.h5");
  const training = needObject("compile_config", config.compile_config ?? {});
  return {
    ...{ format: "keras", config, version: metadata.keras_version },
    training: Object.keys(training).length === 0 ? undefined : training,
    portable: readPortable(metadata[PORTABLE_KEY]),
    tree: openTree(await readHdf5(weights, limitsOf(bytes.length))),
  };
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse(`${name} must be UTF-8, but is not`);
  }
}

/** Parses a text that must be an object. @param name what it is, for errors */
export function parseJson(name: string, text: string): Json {
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (error) {
    throw refuse(`${name} must be JSON without a fault, but is not: ${(error as Error).message}`);
  }
  return needObject(name, value);
}

function readPortable(value: unknown): PortableModel | undefined {
  return value === undefined ? undefined : parsePortable(needText(PORTABLE_KEY, value));
}

function openHdf5File(root: Hdf5Group): KerasFile {
  const { attributes, members } = root;
  const parse = (name: string): Json | undefined => {
    const value = attributes.get(name);
    return value === undefined ? undefined : parseJson(name, needText(name, value));
  };
  const isLegacy = attributes.has("model_config") || attributes.has("layer_names") ||
    attributes.has("layer_names0");
  if (!isLegacy && !members.has("layers")) {
    throw refuse("the file must hold the weights of layers, but does not");
  }
  const training = parse("training_config");
  return {
    format: isLegacy ? "legacy" : "weights",
    tree: openTree(root),
    config: parse("model_config"),
    training: training && { ...training, optimizer: training.optimizer_config },
    version: attributes.get("keras_version"),
    portable: readPortable(attributes.get(PORTABLE_KEY)),
  };
}
