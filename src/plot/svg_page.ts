/** The paper that every picture is drawn on, and the colours that belong to it. @module */
import { escapeXml } from "./svg_text.ts";

/** A page of its own, so that it reads the same on a light and on a dark one. */
export const PAPER = "#ffffff";
/** Of frames and grids. */
export const RULE = "#d1d9e0";
/** Of text that matters. */
export const INK = "#1f2328";
/** Of text that explains it. */
export const PALE_INK = "#59636e";

/** A picture, in CSS pixels. */
export interface Page {
  readonly width: number;
  readonly height: number;
  /** What it is, for a screen reader. */
  readonly title: string;
  /** What it shows, for a screen reader, where the title does not say it all. */
  readonly description?: string;
  /** Elements, in order of drawing. */
  readonly body: readonly string[];
}

/** Writes an SVG document. */
export function drawPage({ width, height, title, description, body }: Page): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="Roboto, sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    ...(description === undefined ? [] : [`<desc>${escapeXml(description)}</desc>`]),
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${
      height - 1
    }" rx="8" fill="${PAPER}" stroke="${RULE}"/>`,
    ...body,
    "</svg>\n",
  ].join("\n");
}
