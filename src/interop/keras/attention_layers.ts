/** The layers of a model with attention by what they do. @module */
import type { ModelConfig } from "../../network/config.ts";
import { describeLayers, type Layer } from "../../network/layers.ts";

/** Names of the dense layers of the attention: h W_a, and tanh([context, h] W_c + b). */
export const ATTENTION_DENSE = { score: "attention_score", output: "attention_output" } as const;

/** The layers of a model with attention by what they do. */
export interface AttentionLayers {
  readonly sourceEmbedding: Layer;
  readonly encoder: readonly Layer[];
  readonly targetEmbedding: Layer;
  readonly decoder: readonly Layer[];
  readonly attention: Layer;
  readonly dense: Layer;
}

/** Sorts the layers of a model with attention. */
export function sortAttentionLayers(model: ModelConfig): AttentionLayers {
  const [sourceEmbedding, ...layers] = describeLayers(model);
  const { encoderLayers: n } = model;
  const [targetEmbedding, ...others] = layers.slice(n);
  const decoder = others.slice(0, model.layers);
  const [attention, dense] = others.slice(model.layers);
  return {
    ...{ sourceEmbedding: sourceEmbedding!, encoder: layers.slice(0, n) },
    ...{ targetEmbedding: targetEmbedding!, decoder, attention: attention!, dense: dense! },
  };
}
