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
  return nameByClass(
    model.decoder === "repeat" ? listRepeatGroups(model) : listAttentionGroups(model),
  );
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

function listRepeatGroups(model: ModelConfig): ClassedGroup[] {
  return describeLayers(model).filter(({ parameters }) => parameters.length > 0).map((layer) =>
    layer.type === "TimeDistributed(Dense)" ? ofTimeDistributed(layer) : ofRecurrent(layer)
  );
}

/**
 * Lists the parts of a functional model. Keras sorts layers by the length of their longest way to the output. If two are equally long,
 * the layer comes first whose output the first decoder layer reads first: that of the target. The way of a bidirectional encoder has one
 * more layer, which joins its last states.
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
    ofTimeDistributed(dense),
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

function ofTimeDistributed({ name, parameters }: Layer): ClassedGroup {
  return { base: "time_distributed", layer: name, inner: ["layer"], name: "dense", parameters };
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
