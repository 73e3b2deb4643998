/** What `model.json` of TensorFlow.js's format layers-model may say. @module */
import { listRule, nullable, recordRule } from "../../arguments/record.ts";
import {
  type Fault,
  integer,
  objectRule,
  optional,
  type Rule,
  TEXT,
} from "../../arguments/rule.ts";
import { ANYTHING, only } from "./check_part.ts";
import { FORMAT, MODEL_FILE } from "./tfjs_format.ts";

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
export interface ModelFields {
  readonly format: unknown;
  readonly generatedBy?: string | null;
  readonly convertedBy?: string | null;
  readonly modelTopology: Readonly<Record<string, unknown>>;
  readonly weightsManifest: readonly WeightGroup[];
  readonly userDefinedMetadata?: Readonly<Record<string, unknown>>;
  readonly trainingConfig?: unknown;
}

/** What the converter wraps around a model of Keras. How it was trained does not matter to it. */
interface WrappedModel {
  readonly model_config: object;
  readonly keras_version?: unknown;
  readonly backend?: unknown;
  readonly training_config?: unknown;
}

/** Most files, and most weights: more than our largest model has. */
export const MOST_ENTRIES = 1024;

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

/** The rule of a model as the converter writes it. TensorFlow.js writes it bare. */
export const WRAPPED_MODEL: Rule<WrappedModel> = recordRule<WrappedModel>({
  ...{ model_config: objectRule(), keras_version: optional(ANYTHING) },
  ...{ backend: optional(ANYTHING), training_config: optional(ANYTHING) },
});

/** The rule of the whole file. */
export const MODEL_FIELDS: Rule<ModelFields> = recordRule<ModelFields>({
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

/** Gives the name of a file as it is in the folder. */
export function removeHere(path: string): string {
  return path.startsWith(HERE) ? path.slice(HERE.length) : path;
}
