/** Arranges the boxes of a model's picture: in a column, or in two branches that meet in the attention. @module */
import type { ModelShape } from "../network/config.ts";
import type { Layer } from "../network/layers.ts";
import {
  ARROW_HEIGHT,
  type Box,
  BOX_HEIGHT,
  type Columns,
  drawArrow,
  drawBentArrow,
  drawBox,
  drawSideArrow,
  inputBox,
  layerBox,
  type Place,
} from "./picture_box.ts";

/** Boxes, and where they stand. */
export interface Arrangement {
  /** All boxes. */
  readonly boxes: readonly Box[];
  /** Gives the size in pixels, if the boxes have these columns. */
  measure(columns: Columns): { readonly width: number; readonly height: number };
  /** Draws boxes and arrows. @param at the left upper corner */
  draw(columns: Columns, at: Place): string[];
}

/** Distance from one box to that below it. */
const PITCH = BOX_HEIGHT + ARROW_HEIGHT;
/** Distance between the branches. */
const GAP = 64;
/** Height of the gap in which the branches meet. */
const MEETING_HEIGHT = 48;

/** Arranges layers in a column, below their input. */
export function arrangeColumn(layers: readonly Layer[]): Arrangement {
  const boxes = [inputBox(layers[0]!), ...layers.map((layer) => layerBox(layer))];
  return {
    boxes,
    measure: ({ end }) => ({ width: end, height: heightOf(boxes) }),
    draw: (columns, at) => drawColumn(boxes, columns, at),
  };
}

/** Arranges the layers of a model with attention: the branches of source and target, and below them what they meet in. */
export function arrangeBranches(
  layers: readonly Layer[],
  { encoderLayers, layers: decoderLayers }: Pick<ModelShape, "encoderLayers" | "layers">,
): Arrangement {
  const sourceLayers = layers.slice(0, 1 + encoderLayers);
  const targetLayers = layers.slice(sourceLayers.length, sourceLayers.length + 1 + decoderLayers);
  const [attention, ...output] = layers.slice(sourceLayers.length + targetLayers.length);
  const branches = [sourceLayers, targetLayers].map((branch) => [
    inputBox(branch[0]!),
    ...branch.map((layer) => layerBox(layer)),
  ]) as [Box[], Box[]];
  const below = [
    layerBox(attention!, [sourceLayers.at(-1)!.outputShape]),
    ...output.map((layer) => layerBox(layer)),
  ];
  const branchHeight = Math.max(...branches.map(heightOf));
  return {
    boxes: [...branches.flat(), ...below],
    measure: ({ end }) => ({
      width: 2 * end + GAP,
      height: branchHeight + MEETING_HEIGHT + heightOf(below),
    }),
    draw(columns, at): string[] {
      const { end } = columns;
      const [source, target] = branches;
      const targetAt = { x: at.x + end + GAP, y: at.y };
      const belowAt = {
        x: at.x + (end + GAP) / 2,
        y: at.y + branchHeight + MEETING_HEIGHT,
      };
      const middleOf = (index: number): number => at.y + index * PITCH + BOX_HEIGHT / 2;
      return [
        ...drawColumn(source, columns, at),
        ...drawColumn(target, columns, targetAt),
        // Every decoder layer begins with the encoder's last state. An input and an embedding are above them.
        ...targetLayers.slice(1).map((_, i) =>
          drawSideArrow(
            { x: at.x + end, y: middleOf(source.length - 1) },
            { x: targetAt.x, y: middleOf(i + 2) },
          )
        ),
        ...[{ branch: source, x: at.x, share: 1 / 4 }, {
          branch: target,
          x: targetAt.x,
          share: 3 / 4,
        }].map(({ branch, x, share }) =>
          drawBentArrow(
            { x: x + end / 2, y: at.y + heightOf(branch) },
            { x: belowAt.x + share * end, y: belowAt.y },
          )
        ),
        ...drawColumn(below, columns, belowAt),
      ];
    },
  };
}

function drawColumn(boxes: readonly Box[], columns: Columns, { x, y }: Place): string[] {
  return boxes.flatMap((box, i) => {
    const top = y + i * PITCH;
    const drawn = drawBox(box, columns, { x, y: top });
    return i === 0 ? [drawn] : [drawArrow(x + columns.end / 2, top - ARROW_HEIGHT), drawn];
  });
}

function heightOf(boxes: readonly Box[]): number {
  return boxes.length * PITCH - ARROW_HEIGHT;
}
