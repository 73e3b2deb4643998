/** Reads `model.json` of TensorFlow.js's format layers-model. @module */
import { describeFound, TEXT } from "../../arguments/rule.ts";
import { parseStrictJson } from "../../arguments/strict_json.ts";
import { parsePortable, PORTABLE_KEY, type PortableModel } from "../portable.ts";
import { checkPart } from "./check_part.ts";
import {
  MODEL_FIELDS,
  MOST_ENTRIES,
  removeHere,
  type WeightGroup,
  WRAPPED_MODEL,
} from "./model_fields.ts";
import { IMPORT_ACTION, MAX_MODEL_FILE_BYTES, MODEL_FILE } from "./tfjs_format.ts";

/** What `model.json` says. */
export interface ModelFile {
  /** The program that wrote it. */
  readonly writer: string;
  /** The model as Keras describes it. It is not checked yet. */
  readonly model: object;
  /** Groups of weights, and the files that hold each group. */
  readonly groups: readonly WeightGroup[];
  /** What one of our exports says of itself. */
  readonly portable: PortableModel | undefined;
}

/**
 * Reads `model.json`.
 *
 * @throws {SyntaxError | RangeError} with the first fault
 */
export function parseModelFile(bytes: Uint8Array): ModelFile {
  const fields = checkPart(`the file ${MODEL_FILE}`, parseText(bytes), MODEL_FIELDS);
  const { generatedBy, convertedBy, userDefinedMetadata: metadata } = fields;
  const groups = fields.weightsManifest.map(({ paths, weights }) => ({
    ...{ paths: paths.map(removeHere), weights },
  }));
  checkNames(groups.flatMap(({ paths }) => paths));
  return {
    writer: describeWriter(convertedBy ?? null, generatedBy ?? null),
    model: unwrap(fields.modelTopology),
    groups,
    portable: metadata && readPortable(metadata),
  };
}

function parseText(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_MODEL_FILE_BYTES) {
    throw new RangeError(
      `Cannot ${IMPORT_ACTION}: ${MODEL_FILE} must have at most ${MAX_MODEL_FILE_BYTES} bytes, but has ${bytes.length}`,
    );
  }
  try {
    return parseStrictJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SyntaxError(
      `Cannot ${IMPORT_ACTION}: ${MODEL_FILE} must be JSON in UTF-8, but is not: ${
        (error as Error).message
      }`,
    );
  }
}

/** Refuses more files than a model has, and a file that is named twice: it would be read twice. */
function checkNames(names: readonly string[]): void {
  if (names.length > MOST_ENTRIES) {
    throw new SyntaxError(
      `Cannot ${IMPORT_ACTION}: ${MODEL_FILE} must name at most ${MOST_ENTRIES} files, but names ${names.length}`,
    );
  }
  const named = new Set<string>();
  for (const name of names) {
    if (named.has(name)) {
      throw new SyntaxError(
        `Cannot ${IMPORT_ACTION}: the file ${
          describeFound(name)
        } must be named once, but is named twice`,
      );
    }
    named.add(name);
  }
}

/** Takes the model out of what the converter wraps around it. */
function unwrap(topology: Readonly<Record<string, unknown>>): object {
  return Object.hasOwn(topology, "model_config")
    ? checkPart("modelTopology", topology, WRAPPED_MODEL).model_config
    : topology;
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
