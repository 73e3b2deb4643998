/** The page of every picture, and its colours. @module */
import { escapeXml } from "./svg_text.ts";

/** Background. Every picture has one, so that it looks the same on a light and on a dark page. */
export const PAPER = "#ffffff";
/** Colour of frames and grids. */
export const RULE = "#d1d9e0";
/** Colour of main texts. */
export const INK = "#1f2328";
/** Colour of explanatory texts. */
export const PALE_INK = "#59636e";

/** A picture, in CSS pixels. */
export interface Page {
  readonly width: number;
  readonly height: number;
  /** Title, for a screen reader. */
  readonly title: string;
  /** Description of what it shows, for a screen reader. */
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
