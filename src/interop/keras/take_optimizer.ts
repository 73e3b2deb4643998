/** Finds the optimiser in a Keras file: its tensors are in another order in every version of Keras. @module */
import type { ForeignOptimizer } from "../foreign_model.ts";
import { quoteName } from "../quote_name.ts";
import { findGroup, takeNumbered } from "./keras_tree.ts";
import { refuse } from "./keras_fault.ts";
import type { KerasFile } from "./open_keras_file.ts";
import { parseTraining } from "./parse_training.ts";
import { takeNamed } from "./read_legacy_weights.ts";
import { readOptimizer } from "./read_optimizer.ts";
import type { FoundTensor, KerasWeights } from "./weighted_layers.ts";

/** The group of an older `.h5` file. */
const LEGACY_GROUP = "optimizer_weights";
const REMEDY = "; the model is imported without it if optimizer is false (--no-optimizer)";

/** Takes the optimiser; undefined if the model was not compiled. */
export function takeOptimizer(
  { format, tree, training }: KerasFile,
  { parameters }: KerasWeights,
): ForeignOptimizer | undefined {
  const tensors = format !== "legacy"
    ? takeNumbered(tree, "optimizer/vars")
    : findGroup(tree, LEGACY_GROUP)
    ? sortLegacy(takeNamed(tree, LEGACY_GROUP))
    : [];
  if (training !== undefined) return readOptimizer(parseTraining(training), tensors, parameters);
  if (tensors.length === 0) return undefined;
  throw refuse(
    `its optimiser must be described, but the file holds its state alone${REMEDY}`,
  );
}

/** The names of the tensors before the moments, of the first moments and of the second ones. */
const NAMES: readonly {
  readonly before: readonly RegExp[];
  readonly moments: readonly [RegExp, RegExp];
  /** Whether each first moment is before its second one, or all are. */
  readonly paired: boolean;
}[] = [
  {
    before: [/\/iteration$/, /\/learning_rate$/],
    moments: [/_momentum$/, /_velocity$/],
    paired: true,
  }, // Keras 3
  { before: [/\/iteration:0$/], moments: [/\/m\/.+:0$/, /\/v\/.+:0$/], paired: true }, // Keras 2.11 to 2.15
  { before: [/\/iter:0$/], moments: [/\/m:0$/, /\/v:0$/], paired: false }, // earlier ones, and their optimisers in later ones
];

/** Puts the tensors of an older file in the order of Keras 3. */
function sortLegacy(tensors: readonly FoundTensor[]): readonly FoundTensor[] {
  const known = NAMES.find(({ before: [first] }) => first!.test(tensors[0]?.path ?? ""));
  if (tensors.length === 0) return tensors;
  if (known === undefined) throw wrongName(tensors[0]);
  const { before, moments: [first, second], paired } = known;
  const moments = tensors.slice(before.length);
  const half = moments.length / 2;
  const sorted = paired
    ? moments
    : moments.map((_, i) => moments[i % 2 === 0 ? i / 2 : Math.floor(half) + (i - 1) / 2]!);
  before.forEach((name, i) => checkName(tensors[i], name));
  sorted.forEach((tensor, i) => checkName(tensor, i % 2 === 0 ? first : second));
  return [...tensors.slice(0, before.length), ...sorted];
}

function checkName(found: FoundTensor | undefined, name: RegExp): void {
  if (found === undefined || !name.test(found.path)) throw wrongName(found);
}

function wrongName(found: FoundTensor | undefined): SyntaxError {
  return refuse(
    `the tensors of its optimiser must be in an order of Keras', but ${
      found === undefined ? "one is missing" : `${quoteName(found.path)} is at another place`
    }${REMEDY}`,
  );
}
