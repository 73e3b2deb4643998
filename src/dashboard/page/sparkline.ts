/// <reference lib="dom" />
/** A line as small as a word: the share of a cell over the epochs. @module */

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [56, 16];

/** Draws shares, from 0 to 1, from left to right, and a dot at one of them. */
export function drawSparkline(shares: readonly number[], marked: number): SVGElement {
  const x = (i: number): number => 2 + (WIDTH - 4) * i / Math.max(1, shares.length - 1);
  const y = (share: number): number => 2 + (HEIGHT - 4) * (1 - share);
  const svg = create("svg", {
    class: "spark",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    "aria-hidden": "true",
  });
  const points = shares.map((share, i) => `${x(i).toFixed(1)},${y(share).toFixed(1)}`).join(" ");
  svg.append(create("polyline", { points }));
  const at = shares[marked];
  if (at !== undefined) {
    svg.append(create("circle", { cx: x(marked).toFixed(1), cy: y(at).toFixed(1), r: "2" }));
  }
  return svg;
}

function create(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
