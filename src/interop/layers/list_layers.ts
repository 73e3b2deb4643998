/** The layers of a model of Keras 2 or TensorFlow.js, in order: of a Sequential, or of a functional model that is a chain. @module */
import { listRule, recordRule } from "../../arguments/record.ts";
import {
  arrayRule,
  describeFound,
  isObject,
  objectRule,
  optional,
  type Rule,
  TEXT,
} from "../../arguments/rule.ts";
import { ANYTHING, checkPart, only } from "../check_part.ts";

/** A layer as the file has it. Its configuration is not checked yet. */
export interface ListedLayer {
  readonly class_name: string;
  readonly config: object;
}

/** A layer of a functional model, with its name and the layers that it reads. */
interface LinkedLayer extends ListedLayer {
  readonly name: string;
  readonly inbound_nodes: readonly unknown[];
}

/** A functional model. */
interface FunctionalConfig {
  readonly name: string;
  readonly trainable?: unknown;
  readonly layers: readonly LinkedLayer[];
  readonly input_layers: readonly unknown[];
  readonly output_layers: readonly unknown[];
}

/** A Sequential, as later versions write it. Earlier ones wrote the list of its layers alone. */
interface SequentialConfig {
  readonly name: string;
  readonly trainable?: unknown;
  readonly layers: readonly ListedLayer[];
  readonly build_input_shape?: unknown;
}

/** Most layers: one encoder, 64 decoder layers, and at most four others. */
const MOST_LAYERS = 69;

const LISTED = listRule<ListedLayer>(
  recordRule<ListedLayer>({ class_name: TEXT, config: objectRule() }),
  { most: MOST_LAYERS },
);
const LINKED = listRule<LinkedLayer>(
  recordRule<LinkedLayer>({
    ...{ class_name: TEXT, config: objectRule(), name: TEXT, inbound_nodes: arrayRule() },
  }),
  { most: MOST_LAYERS },
);
const SEQUENTIAL: Rule<SequentialConfig> = recordRule<SequentialConfig>({
  ...{ name: TEXT, trainable: optional(only(true)), layers: LISTED },
  build_input_shape: optional(ANYTHING),
});
const FUNCTIONAL: Rule<FunctionalConfig> = recordRule<FunctionalConfig>({
  ...{ name: TEXT, trainable: optional(only(true)), layers: LINKED },
  ...{ input_layers: arrayRule(), output_layers: arrayRule() },
});

/**
 * Lists the layers of a model.
 *
 * @param model its class and its configuration
 * @throws {SyntaxError | RangeError} if it is another model than a chain of layers
 */
export function listLayers({ class_name, config }: ListedLayer): readonly ListedLayer[] {
  const name = "the model";
  switch (class_name) {
    case "Sequential":
      return Array.isArray(config)
        ? checkPart("the layers", config, LISTED)
        : checkPart(name, config, SEQUENTIAL).layers;
    case "Model":
    case "Functional":
      return followChain(checkPart(name, config, FUNCTIONAL));
  }
  throw new RangeError(
    `Cannot import the model: it must be a Sequential or a functional model, but is of the class ${
      describeFound(class_name)
    }`,
  );
}

/** Puts the layers of a functional model into the order in which each reads the one before. */
function followChain({ layers, input_layers, output_layers }: FunctionalConfig): LinkedLayer[] {
  const readers = new Map<string | undefined, LinkedLayer>();
  for (const layer of layers) {
    const source = layer.inbound_nodes.length === 0
      ? undefined
      : readTensor(`the input of the layer ${describeFound(layer.name)}`, layer.inbound_nodes);
    if (readers.has(source)) throw notAChain(layer.name);
    readers.set(source, layer);
  }
  const chain: LinkedLayer[] = [];
  let next = readers.get(undefined);
  for (; next !== undefined && chain.length < layers.length; next = readers.get(next.name)) {
    if (next.name !== (next.config as Record<string, unknown>).name) throw notAChain(next.name);
    chain.push(next);
  }
  const [first, last] = [chain[0]?.name, chain.at(-1)?.name];
  const isWhole = chain.length === layers.length && next === undefined && chain.length > 0 &&
    readTensor("the input of the model", [input_layers]) === first &&
    readTensor("the output of the model", [output_layers]) === last;
  if (!isWhole) throw notAChain(last ?? "");
  return chain;
}

/** Reads the name of the only layer whose only output is read: `[[["lstm", 0, 0, {}]]]`. */
function readTensor(what: string, nodes: readonly unknown[]): string {
  const [node] = nodes;
  const [tensor] = Array.isArray(node) ? node : [];
  const [name, nodeIndex, tensorIndex, options] = Array.isArray(tensor) ? tensor : [];
  const isOne = nodes.length === 1 && (node as unknown[]).length === 1 &&
    typeof name === "string" && nodeIndex === 0 && tensorIndex === 0 &&
    (options === undefined || isObject(options) && Object.keys(options).length === 0);
  if (isOne) return name;
  throw new RangeError(
    `Cannot import the model: ${what} must be one layer's output, without options, but is not`,
  );
}

function notAChain(name: string): RangeError {
  return new RangeError(
    `Cannot import the model: its layers must form a chain, each with its own name, but ${
      describeFound(name)
    } does not belong to one`,
  );
}
