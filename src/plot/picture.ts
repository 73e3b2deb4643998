/** Draws a model as Keras' `plot_model(model, show_shapes=True)` does. @module */
import { checkModelConfig, type GivenModelConfig } from "../network/config.ts";
import { countParameters, describeLayers, type Layer } from "../network/layers.ts";
import { drawPage, INK, PALE_INK, RULE } from "./svg_page.ts";
import { drawText, measureText } from "./svg_text.ts";

/** Lengths in CSS pixels. */
const MARGIN = 24;
const HEADING_HEIGHT = 40;
const ROW_HEIGHT = 32;
const BOX_HEIGHT = 2 * ROW_HEIGHT;
const ARROW_HEIGHT = 32;
const PADDING = 16;
const LARGE = 16;
const SMALL = 14;

const BOX = "#f6f8fa";
const WITH_PARAMETERS = "#0969da";
const WITHOUT_PARAMETERS = "#afb8c1";

/** The texts of a box. */
interface Box {
  readonly heading: string;
  readonly count: number;
  readonly input: string;
  readonly output: string;
}

/** Distances from a box's left edge to its columns and to its right edge. */
interface Columns {
  readonly label: number;
  readonly shape: number;
  readonly end: number;
}

/**
 * Draws a model as an SVG: a box for its input and one for every layer, top to bottom, with name, type, number of
 * parameters, and shapes with `None` for the batch. A blue bar marks a layer with parameters.
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
export function drawModel(config: GivenModelConfig): string {
  checkModelConfig(config);
  const layers = describeLayers(config);
  const boxes = [inputBox(layers[0]!), ...layers.map(layerBox)];
  const total = layers.reduce((sum, layer) => sum + countParameters(layer), 0);
  const title = `${layers[0]!.type} encoder–decoder, ${formatCount(total)}`;
  const columns = measureColumns(boxes);
  const width = 2 * MARGIN + Math.max(columns.end, Math.ceil(measureText(title, LARGE)));
  const top = MARGIN + HEADING_HEIGHT;
  const pitch = BOX_HEIGHT + ARROW_HEIGHT;
  const height = top + boxes.length * pitch - ARROW_HEIGHT + MARGIN;
  const left = (width - columns.end) / 2;
  const body = [
    drawText(title, { x: left, y: MARGIN + LARGE, size: LARGE, fill: INK }),
    ...boxes.flatMap((box, i) => {
      const y = top + i * pitch;
      const drawn = drawBox(box, columns, { x: left, y });
      return i === 0 ? [drawn] : [drawArrow(width / 2, y - ARROW_HEIGHT), drawn];
    }),
  ];
  return drawPage({ width, height, title, body });
}

/** Describes the box of the input. Keras draws one for a Sequential model, although it lists no such layer. */
function inputBox({ name, inputShape }: Layer): Box {
  const shape = formatShape(inputShape);
  return { heading: `${name}_input (InputLayer)`, count: 0, input: shape, output: shape };
}

function layerBox(layer: Layer): Box {
  return {
    heading: `${layer.name} (${layer.type})`,
    count: countParameters(layer),
    input: formatShape(layer.inputShape),
    output: formatShape(layer.outputShape),
  };
}

function measureColumns(boxes: readonly Box[]): Columns {
  const widest = (texts: string[], size: number): number =>
    Math.ceil(Math.max(...texts.map((text) => measureText(text, size))));
  const names = Math.max(
    widest(boxes.map(({ heading }) => heading), LARGE),
    widest(boxes.map(({ count }) => formatCount(count)), SMALL),
  );
  const shapes = widest(boxes.flatMap(({ input, output }) => [input, output]), SMALL);
  const label = 2 * PADDING + names + PADDING;
  const shape = label + PADDING + widest(["input:", "output:"], SMALL) + PADDING;
  return { label, shape, end: shape + PADDING + shapes + PADDING };
}

function drawBox(box: Box, columns: Columns, at: { x: number; y: number }): string {
  const { label, shape, end } = columns;
  const firstLine = ROW_HEIGHT / 2 + SMALL * 0.36; // centred on Roboto's capitals, 0.71 em high
  const secondLine = firstLine + ROW_HEIGHT;
  return [
    `<g transform="translate(${at.x} ${at.y})">`,
    `<rect width="${end}" height="${BOX_HEIGHT}" rx="6" fill="${BOX}" stroke="${RULE}"/>`,
    `<path d="M${label} 0V${BOX_HEIGHT}M${shape} 0V${BOX_HEIGHT}M${label} ${ROW_HEIGHT}H${end}" fill="none" stroke="${RULE}"/>`,
    `<rect x="12" y="12" width="4" height="${BOX_HEIGHT - 24}" rx="2" fill="${
      box.count > 0 ? WITH_PARAMETERS : WITHOUT_PARAMETERS
    }"/>`,
    drawText(box.heading, { x: 2 * PADDING, y: 27, size: LARGE, fill: INK }),
    drawText(formatCount(box.count), { x: 2 * PADDING, y: 48, size: SMALL, fill: PALE_INK }),
    drawText("input:", { x: label + PADDING, y: firstLine, size: SMALL, fill: PALE_INK }),
    drawText(box.input, { x: shape + PADDING, y: firstLine, size: SMALL, fill: INK }),
    drawText("output:", { x: label + PADDING, y: secondLine, size: SMALL, fill: PALE_INK }),
    drawText(box.output, { x: shape + PADDING, y: secondLine, size: SMALL, fill: INK }),
    "</g>",
  ].join("\n");
}

/** Draws an arrow down the gap between two boxes. */
function drawArrow(x: number, y: number): string {
  const tip = y + ARROW_HEIGHT - 3;
  return [
    `<path d="M${x} ${y + 3}V${tip - 6}" stroke="${PALE_INK}" stroke-width="1.5"/>`,
    `<path d="M${x - 5} ${tip - 8}L${x} ${tip}L${x + 5} ${tip - 8}Z" fill="${PALE_INK}"/>`,
  ].join("\n");
}

function formatShape(shape: readonly number[]): string {
  return `(${["None", ...shape].join(", ")})`;
}

function formatCount(count: number): string {
  return `${count.toLocaleString("en-US")} parameters`;
}
