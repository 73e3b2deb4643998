/** The boxes of a model's picture, and the arrows between them. @module */
import { countParameters, type Layer } from "../network/layers.ts";
import { INK, PALE_INK, RULE } from "./svg_page.ts";
import { drawText, measureText } from "./svg_text.ts";

/** Lengths in CSS pixels. */
const ROW_HEIGHT = 32;
/** Height of a box. */
export const BOX_HEIGHT = 2 * ROW_HEIGHT;
/** Height of the gap between two boxes. */
export const ARROW_HEIGHT = 32;
const PADDING = 16;
/** Size of headings. */
export const LARGE = 16;
const SMALL = 14;

const BOX = "#f6f8fa";
const WITH_PARAMETERS = "#0969da";
const WITHOUT_PARAMETERS = "#afb8c1";

/** The texts of a box. */
export interface Box {
  readonly heading: string;
  readonly count: number;
  readonly input: string;
  readonly output: string;
}

/** Distances from a box's left edge to its columns and to its right edge. */
export interface Columns {
  readonly label: number;
  readonly shape: number;
  readonly end: number;
}

/** A place in the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Describes the box of an input. Keras draws one for a Sequential model, although it lists no such layer. */
export function inputBox({ name, inputShape }: Layer): Box {
  const shape = formatShape(inputShape);
  return { heading: `${name}_input (InputLayer)`, count: 0, input: shape, output: shape };
}

/** Describes the box of a layer. @param others shapes of what it reads besides its input */
export function layerBox(layer: Layer, others: readonly (readonly number[])[] = []): Box {
  return {
    heading: `${layer.name} (${layer.type})`,
    count: countParameters(layer),
    input: [layer.inputShape, ...others].map(formatShape).join(", "),
    output: formatShape(layer.outputShape),
  };
}

/** Finds the width that all boxes need. */
export function measureColumns(boxes: readonly Box[]): Columns {
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

/** Draws a box. @param at its left upper corner */
export function drawBox(box: Box, columns: Columns, at: Place): string {
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
export function drawArrow(x: number, y: number): string {
  const tip = y + ARROW_HEIGHT - 3;
  return [
    `<path d="M${x} ${y + 3}V${tip - 6}" stroke="${PALE_INK}" stroke-width="1.5"/>`,
    drawTip(x, tip),
  ].join("\n");
}

/** Draws an arrow down from one place, then to the side, and down to another. */
export function drawBentArrow(from: Place, to: Place): string {
  const tip = to.y - 3;
  const middle = to.y - ARROW_HEIGHT / 2 - 4;
  return [
    `<path d="M${from.x} ${from.y + 3}V${middle}H${to.x}V${
      tip - 6
    }" fill="none" stroke="${PALE_INK}" stroke-width="1.5"/>`,
    drawTip(to.x, tip),
  ].join("\n");
}

/** Draws a dashed arrow to the right, then up or down, and to the right again. */
export function drawSideArrow(from: Place, to: Place): string {
  const middle = (from.x + to.x) / 2;
  const tip = to.x - 3;
  return [
    `<path d="M${from.x + 3} ${from.y}H${middle}V${to.y}H${
      tip - 6
    }" fill="none" stroke="${PALE_INK}" stroke-width="1.5" stroke-dasharray="4 3"/>`,
    `<path d="M${tip - 8} ${to.y - 5}L${tip} ${to.y}L${tip - 8} ${to.y + 5}Z" fill="${PALE_INK}"/>`,
  ].join("\n");
}

function drawTip(x: number, tip: number): string {
  return `<path d="M${x - 5} ${tip - 8}L${x} ${tip}L${x + 5} ${tip - 8}Z" fill="${PALE_INK}"/>`;
}

function formatShape(shape: readonly number[]): string {
  return `(${["None", ...shape].join(", ")})`;
}

/** Writes a number of parameters. */
export function formatCount(count: number): string {
  return `${count.toLocaleString("en-US")} parameters`;
}
