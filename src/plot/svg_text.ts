/** Text in a picture. It is measured in Roboto, so that a layout needs no browser. @module */

/** Advance widths of Roboto Regular, U+0020 to U+007E, in thousandths of an em. */
// deno-fmt-ignore
const ADVANCES: readonly number[] = [
  248, 258, 320, 616, 562, 732, 622, 175, 342, 348, 431, 567, 197, 276, 264, 413, 562, 562, 562, 562,
  562, 562, 562, 562, 562, 562, 242, 211, 508, 549, 523, 473, 898, 652, 623, 651, 656, 568, 553, 681,
  713, 272, 552, 627, 539, 873, 713, 688, 631, 688, 616, 594, 597, 648, 637, 887, 627, 601, 599, 265,
  411, 265, 418, 451, 309, 544, 562, 523, 564, 530, 348, 562, 551, 243, 239, 507, 243, 877, 552, 570,
  562, 568, 339, 516, 327, 551, 484, 751, 496, 473, 496, 338, 244, 338, 680,
];
/** Advance widths of the other characters of the font of PNG pictures. */
const FURTHER_ADVANCES: Readonly<Record<string, number>> = { "×": 534, "–": 656, "…": 669 };
/** Assumed width of a character whose width is not known; the name of a run may have such. */
const WIDEST_ADVANCE = 1000;

/** Place and style of a text. Lengths in CSS pixels. */
export interface TextPlace {
  /** Place of the anchor. */
  readonly x: number;
  /** Place of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly fill: string;
  /** The part of the text that is at `x`. Default `start`. */
  readonly anchor?: "start" | "middle" | "end";
}

/**
 * Draws a text. It states its width in Roboto; a viewer with another font stretches the text to that width. A text with a
 * character of unknown width states none, and the viewer finds the place of its anchor.
 */
export function drawText(text: string, { x, y, size, fill, anchor = "start" }: TextPlace): string {
  const width = measureText(text, size);
  const known = Array.from(text).every((character) => advanceOf(character) !== undefined);
  const left = known ? { start: x, middle: x - width / 2, end: x - width }[anchor] : x;
  const fit = known
    ? ` textLength="${width.toFixed(2)}" lengthAdjust="spacingAndGlyphs"`
    : anchor === "start"
    ? ""
    : ` text-anchor="${anchor}"`;
  return `<text x="${round(left)}" y="${round(y)}" font-size="${size}" fill="${fill}"${fit}>${
    escapeXml(text)
  }</text>`;
}

/** Gives the width of a text in Roboto Regular, in pixels; an upper bound if a character's width is not known. */
export function measureText(text: string, size: number): number {
  return Array.from(text).reduce(
    (sum, character) => sum + (advanceOf(character) ?? WIDEST_ADVANCE) * size / 1000,
    0,
  );
}

/** Cuts off the beginning of a text that is too wide. The end stays, because the end of a path is more specific. */
export function fitText(text: string, size: number, width: number): string {
  const characters = Array.from(text);
  let fitted = text;
  while (characters.length > 0 && measureText(fitted, size) > width) {
    characters.shift();
    fitted = `…${characters.join("")}`;
  }
  return fitted;
}

/** Escapes a text for XML. Characters that XML 1.0 does not allow, such as control characters, become U+FFFD. */
export function escapeXml(text: string): string {
  return text.toWellFormed()
    .replaceAll(/[\p{Cc}\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Rounds a length to a hundredth of a pixel. */
export function round(length: number): number {
  return Math.round(length * 100) / 100;
}

function advanceOf(character: string): number | undefined {
  return ADVANCES[character.codePointAt(0)! - 32] ?? FURTHER_ADVANCES[character];
}
