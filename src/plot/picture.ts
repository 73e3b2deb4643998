/** Draws a model as Keras' `plot_model(model, show_shapes=True)` does. @module */
import { checkModelConfig, type GivenModelConfig } from "../network/config.ts";
import { cellType, countParameters, describeLayers } from "../network/layers.ts";
import { arrangeBranches, arrangeColumn } from "./picture_arrangement.ts";
import { formatCount, LARGE, measureColumns } from "./picture_box.ts";
import { drawPage, INK } from "./svg_page.ts";
import { drawText, measureText } from "./svg_text.ts";

/** Lengths in CSS pixels. */
const MARGIN = 24;
const HEADING_HEIGHT = 40;

/**
 * Draws a model as an SVG: a box for its input and one for every layer, top to bottom, with name, type, number of
 * parameters, and shapes with `None` for the batch. A blue bar marks a layer with parameters. A model with attention has two
 * branches, that of the source and that of the target, which meet in the attention; dashed arrows are the encoder's last state, with
 * which every decoder layer begins.
 *
 * Every text states its width in Roboto; a viewer with another font stretches the text to that width.
 *
 * Source: keras/src/utils/model_visualization.py, whose picture needs Graphviz.
 *
 * @returns an SVG document; the same config gives the same characters
 * @throws {TypeError} if a field is missing, is unknown, or has a wrong type
 * @throws {RangeError} if a value is out of its range, or the characters are not sorted
 * @throws {SyntaxError} if a character occurs twice
 * @example
 * ```ts
 * import { characterLayout } from "@carry/seq2seq";
 * import { drawModel } from "@carry/seq2seq/plot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = drawModel({
 *   cell: "lstm", hiddenSize: 128, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * });
 * assertStringIncludes(svg, "131,584 parameters");
 * ```
 */
export function drawModel(given: GivenModelConfig): string {
  const config = checkModelConfig(given);
  const layers = describeLayers(config);
  const hasAttention = config.decoder === "attention";
  const arrangement = hasAttention ? arrangeBranches(layers, config) : arrangeColumn(layers);
  const total = layers.reduce((sum, layer) => sum + countParameters(layer), 0);
  const title = `${cellType(config.cell)} encoder–decoder${
    hasAttention ? " with attention" : ""
  }, ${formatCount(total)}`;
  const columns = measureColumns(arrangement.boxes);
  const size = arrangement.measure(columns);
  const width = 2 * MARGIN + Math.max(size.width, Math.ceil(measureText(title, LARGE)));
  const top = MARGIN + HEADING_HEIGHT;
  const left = (width - size.width) / 2;
  const body = [
    drawText(title, { x: left, y: MARGIN + LARGE, size: LARGE, fill: INK }),
    ...arrangement.draw(columns, { x: left, y: top }),
  ];
  return drawPage({ width, height: top + size.height + MARGIN, title, body });
}
