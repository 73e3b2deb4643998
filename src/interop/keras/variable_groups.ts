/** Where the parameters of a model are among the variables of a Keras model. @module */
import type { ModelConfig } from "../../network/config.ts";
import { describeLayers, type Layer, type ParameterShape } from "../../network/layers.ts";
import { ATTENTION_DENSE, sortAttentionLayers } from "./attention_layers.ts";

/** A part of a Keras model with variables. */
export interface VariableGroup {
  /** The groups of a weight file in which it is, below `layers`: `lstm_1`, `cell`. */
  readonly path: readonly string[];
  /** Its name in Keras. */
  readonly name: string;
  /** Its parameters, in the order of its variables. */
  readonly parameters: readonly ParameterShape[];
}

/** Lists the parts with variables in the order in which Keras counts them. */
export function listVariableGroups(model: ModelConfig): readonly VariableGroup[] {
  return model.decoder === "repeat"
    ? describeLayers(model).filter(({ parameters }) => parameters.length > 0).map(describeChained)
    : nameByClass(listAttentionGroups(model));
}

function describeChained({ name, type, parameters }: Layer): VariableGroup {
  return type === "TimeDistributed(Dense)"
    ? { path: [name, "layer"], name: "dense", parameters }
    : { path: [name, "cell"], name: `${name.replace(/_\d+$/, "")}_cell`, parameters };
}

/** A part whose layer has no name in a file yet: there it is named by its class. */
interface ClassedGroup {
  /** The class of its layer, as names begin: `lstm`. */
  readonly base: string;
  /** The layer. */
  readonly layer: string;
  /** The groups below that of the layer. */
  readonly inner: readonly string[];
  readonly name: string;
  readonly parameters: readonly ParameterShape[];
}

/**
 * Lists the parts in Keras' order: it sorts layers by the length of the longest way to the output, and at a tie takes the one first that
 * the first decoder layer reads first, which is that of the target. It adds a state of both directions by one more layer.
 *
 * Source: keras/src/ops/function.py, `map_graph`.
 */
function listAttentionGroups(model: ModelConfig): ClassedGroup[] {
  const { sourceEmbedding, encoder, targetEmbedding, decoder, attention, dense } =
    sortAttentionLayers(model);
  const encoderSide = [
    [ofEmbedding(sourceEmbedding)],
    ...encoder.map((layer) => model.bidirectional ? ofDirections(layer) : [ofRecurrent(layer)]),
  ];
  const lastDepth = model.bidirectional ? 2 : 1; // of the last encoder layer above the first decoder layer
  const targetDepth = 3; // of the target's embedding: it is padded and cropped
  const before = Math.max(0, lastDepth + encoder.length - targetDepth);
  const [score, ...output] = attention.parameters;
  return [
    ...encoderSide.slice(0, before).flat(),
    ofEmbedding(targetEmbedding),
    ...encoderSide.slice(before).flat(),
    ...decoder.map(ofRecurrent),
    ofDense(ATTENTION_DENSE.score, [score!]),
    ofDense(ATTENTION_DENSE.output, output),
    {
      ...{ base: "time_distributed", layer: dense.name, inner: ["layer"], name: "dense" },
      parameters: dense.parameters,
    },
  ];
}

function ofEmbedding({ name, parameters }: Layer): ClassedGroup {
  return { base: "embedding", layer: name, inner: [], name, parameters };
}

function ofRecurrent({ name, parameters }: Layer): ClassedGroup {
  const base = name.replace(/_\d+$/, "");
  return { base, layer: name, inner: ["cell"], name: `${base}_cell`, parameters };
}

function ofDirections({ name, parameters }: Layer): ClassedGroup[] {
  const half = parameters.length / 2;
  return ["forward_layer", "backward_layer"].map((direction, i) => ({
    ...{ base: "bidirectional", layer: name, inner: [direction, "cell"], name: "cell" },
    parameters: parameters.slice(i * half, (i + 1) * half),
  }));
}

function ofDense(name: string, parameters: readonly ParameterShape[]): ClassedGroup {
  return { base: "dense", layer: name, inner: [], name, parameters };
}

/** Names every layer by its class and its number in it: `embedding_1`. */
function nameByClass(groups: readonly ClassedGroup[]): readonly VariableGroup[] {
  const named = new Map<string, string>();
  const counts = new Map<string, number>();
  return groups.map(({ base, layer, inner, name, parameters }) => {
    if (!named.has(layer)) {
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      named.set(layer, count === 0 ? base : `${base}_${count}`);
    }
    return { path: [named.get(layer)!, ...inner], name, parameters };
  });
}
