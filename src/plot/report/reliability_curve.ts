/** Draws how often answers of some probability are right. @module */
import type { Calibration, CalibrationBin } from "../../evaluation/calibration.ts";
import { formatCount, formatShare } from "../../evaluation/format.ts";
import { wilsonInterval } from "../../evaluation/interval.ts";
import { createShareAxis } from "../axis.ts";
import { html, type Markup } from "./markup.ts";

/** Lengths in CSS pixels: of the square, of the space around it, and of the bars of counts. */
const SIDE = 280;
const LEFT = 44;
const RIGHT = 22;
const BELOW = 40;
const COUNTS = 56;
const TOP = 8;
const GAP = 12;

/**
 * Draws the reliability curve: above each bin's mean probability the share of right answers with its 95 % interval, beside the
 * line on which both are equal; below, the number of answers of each bin on a logarithmic scale.
 */
export function drawReliability({ bins }: Calibration): Markup {
  const [width, height] = [LEFT + SIDE + RIGHT, TOP + COUNTS + GAP + SIDE + BELOW];
  const x = (share: number): number => round(LEFT + SIDE * share);
  const y = (share: number): number => round(TOP + COUNTS + GAP + SIDE * (1 - share));
  const bottom = y(0);
  const { ticks } = createShareAxis();
  const points = bins.filter(({ examples }) => examples > 0);
  const curve = points.map((bin, i) =>
    `${i === 0 ? "M" : "L"}${x(bin.meanProbability!)} ${y(bin.right / bin.examples)}`
  ).join("");
  return html`
    <svg class="curve" viewBox="0 0 ${width} ${height}" role="img"
      aria-label="Reliability curve: the table beside it has its numbers">
    <path class="rule" d="${ticks.map(({ at }) => `M${x(0)} ${y(at)}H${x(1)}`).join("")}"/>
    ${ticks.map(({ at, label }) =>
      html`
        <text x="${LEFT - 8}" y="${y(at) + 4}" text-anchor="end">${label}</text>
        <text x="${x(at)}" y="${bottom + 18}" text-anchor="middle">${label}</text>
      `
    )}
    <text x="${x(0.5)}" y="${bottom +
      36}" text-anchor="middle">probability that the model gives its answer</text>
    <path class="equal" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}"/>
    ${points.map((bin) => drawBin(bin, { x, y }))}
    <path class="line" d="${curve}"/>
    ${drawCounts(bins, x)}
    </svg>
  `;
}

type Place = (share: number) => number;

function drawBin(
  { meanProbability, right, examples }: CalibrationBin,
  at: { x: Place; y: Place },
): Markup {
  const { low, high } = wilsonInterval(right, examples);
  const [x, y] = [at.x(meanProbability!), at.y(right / examples)];
  const title = `${formatShare(right / examples)} of ${formatCount(examples)} are right`;
  return html`
    <g>
      <title>${title}</title>
      <path class="whisker" d="M${x} ${at.y(low)}V${at.y(high)}" />
      <circle class="dot" cx="${x}" cy="${y}" r="4" />
    </g>
  `;
}

/** Draws a bar for the number of answers of every bin. A logarithmic scale shows one answer beside a million. */
function drawCounts(bins: readonly CalibrationBin[], x: Place): Markup {
  const most = Math.log10(1 + Math.max(...bins.map(({ examples }) => examples)));
  const bottom = TOP + COUNTS;
  return html`
    <path class="rule" d="M${x(0)} ${bottom}H${x(1)}" />
    ${bins.map(({ from, to, examples }) => {
      const height = round((COUNTS - 4) * Math.log10(1 + examples) / most);
      return html`
        <rect class="count" x="${x(from) + 1}" y="${round(bottom - height)}" width="${round(
          x(to) - x(from) - 2,
        )}" height="${height}">
          <title>${formatCount(examples)} answers</title>
        </rect>
      `;
    })}
  `;
}

function round(length: number): number {
  return Math.round(100 * length) / 100;
}
