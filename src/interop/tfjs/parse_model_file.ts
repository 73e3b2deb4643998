/** Reads `model.json` of TensorFlow.js's format layers-model. @module */
import { listRule, nullable, recordRule } from "../../arguments/record.ts";
import {
  describeFound,
  type Fault,
  integer,
  objectRule,
  optional,
  type Rule,
  TEXT,
} from "../../arguments/rule.ts";
import { parseStrictJson } from "../../arguments/strict_json.ts";
import { ANYTHING, checkPart, only } from "../check_part.ts";
import type { ListedLayer } from "../layers/list_layers.ts";
import { parsePortable, PORTABLE_KEY, type PortableModel } from "../portable.ts";
import { FORMAT, MAX_MODEL_FILE_BYTES, MODEL_FILE } from "./tfjs_format.ts";

/** What `model.json` says. */
export interface ModelFile {
  /** The program that wrote it. */
  readonly writer: string;
  /** The model's class and configuration. */
  readonly model: ListedLayer;
  /** Groups of weights, and the files that hold each group. */
  readonly groups: readonly WeightGroup[];
  /** What one of our exports says of itself. */
  readonly portable: PortableModel | undefined;
}

/** Weights whose values follow each other in some files. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

/** A weight. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: unknown;
  readonly group?: unknown;
}

/** The fields of the file. */
interface Fields {
  readonly format: unknown;
  readonly generatedBy?: string | null;
  readonly convertedBy?: string | null;
  readonly modelTopology: Readonly<Record<string, unknown>>;
  readonly weightsManifest: readonly WeightGroup[];
  readonly userDefinedMetadata?: Readonly<Record<string, unknown>>;
  readonly trainingConfig?: unknown;
}

/** What describes the model, and how it was trained, which does not matter to it. */
interface Origin {
  readonly keras_version?: unknown;
  readonly backend?: unknown;
  readonly training_config?: unknown;
}

/** Most files, and most weights: more than our largest model has. */
const MOST_ENTRIES = 1024;

/** What TensorFlow.js writes before the name of a file beside `model.json`. */
const HERE = "./";

/** A name of a file beside `model.json`: no folder, no address. */
const PLAIN_NAME: Rule<string> = {
  must: "the plain name of a file, without folders and addresses",
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    const isPlain = /^(?:\.\/)?(?!\.)[^\\/:%?#*"<>|\p{C}]{1,128}$/u.test(value);
    return isPlain && removeHere(value) !== MODEL_FILE ? undefined : "value";
  },
};

const WEIGHT: Rule<WeightEntry> = recordRule<WeightEntry>({
  ...{ name: TEXT, shape: listRule(integer(1), { most: 4 }), dtype: only("float32") },
  group: optional(only("model")),
});

const LAYER = { class_name: TEXT, config: objectOrList() };
const ORIGIN = {
  keras_version: optional(ANYTHING),
  backend: optional(ANYTHING),
  training_config: optional(ANYTHING),
};

/** The model as TensorFlow.js writes it. */
const TOPOLOGY: Rule<ListedLayer & Origin> = recordRule<ListedLayer & Origin>({
  ...LAYER,
  ...ORIGIN,
});
/** The model as the converter writes it. */
const WRAPPED: Rule<{ readonly model_config: ListedLayer } & Origin> = recordRule({
  ...ORIGIN,
  model_config: recordRule<ListedLayer>(LAYER),
});

const FIELDS: Rule<Fields> = recordRule<Fields>({
  format: only(FORMAT),
  generatedBy: optional(nullable(TEXT)),
  convertedBy: optional(nullable(TEXT)),
  modelTopology: objectRule(),
  weightsManifest: listRule<WeightGroup>(
    recordRule<WeightGroup>({
      paths: listRule(PLAIN_NAME, { most: MOST_ENTRIES }),
      weights: listRule(WEIGHT, { most: MOST_ENTRIES }),
    }),
    { most: MOST_ENTRIES },
  ),
  userDefinedMetadata: optional(objectRule()),
  trainingConfig: optional(ANYTHING),
});

/**
 * Reads `model.json`.
 *
 * @throws {SyntaxError | RangeError} with the first fault
 */
export function parseModelFile(bytes: Uint8Array): ModelFile {
  const fields = checkPart(`the file ${MODEL_FILE}`, parseText(bytes), FIELDS);
  const { generatedBy, convertedBy, userDefinedMetadata: metadata } = fields;
  return {
    writer: describeWriter(convertedBy ?? null, generatedBy ?? null),
    model: readTopology(fields.modelTopology),
    groups: fields.weightsManifest.map(({ paths, weights }) => ({
      ...{ paths: paths.map(removeHere), weights },
    })),
    portable: metadata && readPortable(metadata),
  };
}

function removeHere(path: string): string {
  return path.startsWith(HERE) ? path.slice(HERE.length) : path;
}

function parseText(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_MODEL_FILE_BYTES) {
    throw new RangeError(
      `Cannot import the model: ${MODEL_FILE} must have at most ${MAX_MODEL_FILE_BYTES} bytes, but has ${bytes.length}`,
    );
  }
  try {
    return parseStrictJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SyntaxError(
      `Cannot import the model: ${MODEL_FILE} must be JSON in UTF-8, but is not: ${
        (error as Error).message
      }`,
    );
  }
}

/** Takes the model out of what the converter wraps around it. */
function readTopology(topology: Readonly<Record<string, unknown>>): ListedLayer {
  return Object.hasOwn(topology, "model_config")
    ? checkPart("modelTopology", topology, WRAPPED).model_config
    : checkPart("modelTopology", topology, TOPOLOGY);
}

function readPortable(metadata: Readonly<Record<string, unknown>>): PortableModel | undefined {
  if (!Object.hasOwn(metadata, PORTABLE_KEY)) return undefined;
  return parsePortable(
    checkPart(`userDefinedMetadata.${PORTABLE_KEY}`, metadata[PORTABLE_KEY], TEXT),
  );
}

/** Most characters of each of the two programs' names. */
const MOST_NAMED = 60;

/** Names the program that made the model, and the one that converted it: `keras v2.15.0, TensorFlow.js Converter v4.22.0`. */
function describeWriter(...programs: readonly (string | null)[]): string {
  const named = programs.filter((name) => name !== null && name !== "").map((name) =>
    describeFound(name).slice(1, -1).slice(0, MOST_NAMED)
  );
  return named.reverse().join(", ") || "TensorFlow.js";
}

/** Keras wrote the configuration of a Sequential as a list once. */
function objectOrList(): Rule<object> {
  return {
    must: "an object or a list",
    findFault: (value) => typeof value === "object" && value !== null ? undefined : "type",
  };
}
