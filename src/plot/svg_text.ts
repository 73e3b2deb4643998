/** Text in a picture: measured in Roboto, so that a layout needs no browser. @module */

/** Advance widths of Roboto Regular, U+0020 to U+007E, in thousandths of an em. */
// deno-fmt-ignore
const ADVANCES: readonly number[] = [
  248, 258, 320, 616, 562, 732, 622, 175, 342, 348, 431, 567, 197, 276, 264, 413, 562, 562, 562, 562,
  562, 562, 562, 562, 562, 562, 242, 211, 508, 549, 523, 473, 898, 652, 623, 651, 656, 568, 553, 681,
  713, 272, 552, 627, 539, 873, 713, 688, 631, 688, 616, 594, 597, 648, 637, 887, 627, 601, 599, 265,
  411, 265, 418, 451, 309, 544, 562, 523, 564, 530, 348, 562, 551, 243, 239, 507, 243, 877, 552, 570,
  562, 568, 339, 516, 327, 551, 484, 751, 496, 473, 496, 338, 244, 338, 680,
];
/** Of the other characters of the font that PNG pictures are set in. */
const FURTHER_ADVANCES: Readonly<Record<string, number>> = { "×": 534, "–": 656, "…": 669 };
/** Room for a character whose width is not known, as the name of a run may have. */
const WIDEST_ADVANCE = 1000;

/** Where a text goes, and how. Lengths in CSS pixels. */
export interface TextPlace {
  /** Of the anchor. */
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly fill: string;
  /** Which part of the text is at `x`. Default `start`. */
  readonly anchor?: "start" | "middle" | "end";
}

/**
 * Draws a text. It carries its width in Roboto, and is fitted to it where a page has to show it in another font; a text
 * with a character of unknown width is left as it comes.
 */
export function drawText(text: string, { x, y, size, fill, anchor = "start" }: TextPlace): string {
  const width = measureText(text, size);
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
  const known = Array.from(text).every((character) => advanceOf(character) !== undefined);
  const fit = known ? ` textLength="${width.toFixed(2)}" lengthAdjust="spacingAndGlyphs"` : "";
  return `<text x="${round(left)}" y="${round(y)}" font-size="${size}" fill="${fill}"${fit}>${
    escapeXml(text)
  }</text>`;
}

/** Gives the width of a text in Roboto Regular, in pixels; an upper bound where a character's width is not known. */
export function measureText(text: string, size: number): number {
  return Array.from(text).reduce(
    (sum, character) => sum + (advanceOf(character) ?? WIDEST_ADVANCE) * size / 1000,
    0,
  );
}

/** Cuts off the beginning of a text that is too wide: the end of a path says more. */
export function fitText(text: string, size: number, width: number): string {
  const characters = Array.from(text);
  let fitted = text;
  while (characters.length > 0 && measureText(fitted, size) > width) {
    characters.shift();
    fitted = `…${characters.join("")}`;
  }
  return fitted;
}

/** Writes a text as XML has to have it; what XML 1.0 cannot write, a control character say, becomes U+FFFD. */
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
