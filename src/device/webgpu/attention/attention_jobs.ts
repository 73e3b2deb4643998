/** The gradients of a network with attention as products over rows and time steps. @module */
import type { GradientJob, KeptFactor } from "../gradient_jobs.ts";
import type { KeptPlace } from "../kept_layout.ts";
import {
  type GateGroup,
  groupGates,
  padToQuads,
  type ParameterLayout,
} from "../parameter_layout.ts";
import type { AttentionKept, KeptRecurrent } from "./attention_kept.ts";
import type { AttentionSizes } from "./attention_sizes.ts";

/** Lists the gradients of all parameters. */
export function listAttentionJobs(
  sizes: AttentionSizes,
  parameters: ParameterLayout,
  { encoder, decoder }: AttentionKept,
): GradientJob[] {
  const { places, directions } = sizes;
  const [encoderBack, back] = [encoder.back!, decoder.back!];
  const recurrent = (side: Omit<RecurrentJobs, "sizes" | "parameters">): GradientJob[] =>
    listRecurrentJobs({ sizes, parameters, ...side });
  const encoderJobs = eachOf(
    sizes.encoderLayers,
    (layer) =>
      eachOf(directions, (direction) =>
        recurrent({
          ...{ index: places.encoder + layer * directions + direction, kept: encoder.layers },
          ...{ layer, direction, units: sizes.directionUnits, steps: sizes.inputLength },
          inputs: layer === 0 ? encoder.embedded : placeOf(encoder.layers.outputs, layer - 1),
        })),
  );
  const decoderJobs = eachOf(sizes.decoderLayers, (layer) =>
    recurrent({
      ...{ index: places.decoder + layer, kept: decoder.layers, layer, direction: 0 },
      ...{ units: sizes.units, steps: sizes.outputLength },
      inputs: layer === 0 ? decoder.embedded : placeOf(decoder.layers.outputs, layer - 1),
    }));
  const states = keptFrom(placeOf(decoder.layers.states, sizes.decoderLayers - 1), 1);
  const attention = parameters.layers[places.attention]!;
  const output = parameters.layers[places.output]!;
  const [score, ofContext, ofState] = attention.inputs;
  const product = (
    factor: KeptFactor,
    gradients: KeptPlace,
    to: NonNullable<typeof score>,
  ): GradientJob => ({
    ...{ factor, rowQuads: to.depth / 4, gradients, firstStep: 0, steps: sizes.outputLength },
    ...{ columnsAt: 0, columnQuads: to.units / 4, to },
  });
  return [
    embeddingJob(parameters, places.sourceEmbedding, encoderBack.characters, encoderBack.embedded),
    ...encoderJobs,
    embeddingJob(parameters, places.targetEmbedding, back.characters, back.dEmbedded),
    ...decoderJobs,
    product(states, back.dQueries, score!),
    product(keptFrom(decoder.contexts, 0), back.dAttended, ofContext!),
    product(states, back.dAttended, ofState!),
    biasJob(attention, back.dAttended),
    product(keptFrom(decoder.attended, 0), decoder.logits, output.inputs[0]!),
    biasJob(output, decoder.logits),
  ];
}

interface RecurrentJobs {
  readonly sizes: AttentionSizes;
  readonly parameters: ParameterLayout;
  /** Place of the layer, or of its direction, among all layers. */
  readonly index: number;
  readonly kept: KeptRecurrent;
  /** Numbers of layer and direction. */
  readonly layer: number;
  readonly direction: number;
  /** Number of units of the direction, padded. */
  readonly units: number;
  readonly steps: number;
  readonly inputs: KeptPlace;
}

function listRecurrentJobs(
  { sizes: { cell }, parameters, index, kept, layer, direction, units, steps, inputs }:
    RecurrentJobs,
): GradientJob[] {
  const { inputs: inputMatrices, recurrent, bias } = parameters.layers[index]!;
  const at = (place: KeptPlace): KeptPlace => placeOf(place, layer, direction);
  const gradients = at(kept.back!.gradients);
  const groups = groupGates(cell.groups, units);
  const columns = ({ column, count }: GateGroup): Pick<
    GradientJob,
    "columnsAt" | "columnQuads" | "gradients" | "firstStep" | "steps"
  > => ({
    ...{ columnsAt: column / 4, columnQuads: units * count / 4 },
    ...{ gradients, firstStep: 0, steps },
  });
  return [
    ...inputMatrices.map((to, g): GradientJob => ({
      ...{ factor: keptFrom(inputs, 0), rowQuads: to.depth / 4, to },
      ...columns(groups[g]!),
    })),
    ...recurrent.map((to, g): GradientJob => {
      const { vector } = cell.forward.find((stage) => stage.group === g)!;
      return {
        factor: vector === "states"
          ? keptFrom(at(kept.states), direction) // those before the position: see `KeptRecurrent`
          : keptFrom(at(kept.vectors[vector]!), 0),
        ...{ rowQuads: to.depth / 4, to, ...columns(groups[g]!) },
      };
    }),
    biasJob({ bias }, gradients),
  ];
}

function biasJob(
  { bias }: Pick<ParameterLayout["layers"][number], "bias">,
  gradients: KeptPlace,
): GradientJob {
  return {
    factor: { type: "oneHot", characters: undefined, oneAt: 0 },
    ...{ rowQuads: 1, gradients, firstStep: 0, steps: gradients.steps },
    ...{ columnsAt: 0, columnQuads: bias.quads, to: { lookup: undefined, bias } },
  };
}

/** A number above every quad of rows: the table of an embedding has no bias. */
const NO_ONE = 0xffff_ffff;

function embeddingJob(
  { layers }: ParameterLayout,
  index: number,
  characters: KeptPlace,
  gradients: KeptPlace,
): GradientJob {
  const { lookup, bias } = layers[index]!;
  return {
    factor: { type: "oneHot", characters, oneAt: NO_ONE },
    ...{ rowQuads: padToQuads(lookup!.count) / 4, gradients, firstStep: 0, steps: gradients.steps },
    ...{ columnsAt: 0, columnQuads: bias.quads, to: { lookup, bias } },
  };
}

function keptFrom(place: KeptPlace, firstStep: number): KeptFactor {
  return { type: "kept", place, firstStep };
}

/** Gives the place of one of the layers and directions that a place stands for. */
function placeOf(
  { buffer, before, steps, width, perLayer = 0, perDirection = 0 }: KeptPlace,
  layer: number,
  direction = 0,
): KeptPlace {
  return { buffer, before: before + layer * perLayer + direction * perDirection, steps, width };
}

function eachOf(count: number, list: (i: number) => GradientJob[]): GradientJob[] {
  return Array.from({ length: count }, (_, i) => list(i)).flat();
}
