/** Writes the numbers of an evaluation for people, the same in every locale. @module */
import type { Interval } from "./interval.ts";
import type { ReportHead } from "./report.ts";

/** Decimals of a percentage, and the most that are used where fewer would round to 0 or 100. */
const DECIMALS = 2;
const MOST_DECIMALS = 7;

/** Writes a count: `1,000,000`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Writes a count with a noun: `1 symbol`, `1,234 symbols`. */
export function formatPlural(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** Writes a share as a percentage: `99.88 %`. Only 0 is written as 0, and only 1 as 100. */
export function formatShare(share: number): string {
  return `${formatPercent(share)} %`;
}

/** Writes an interval of shares: `99.74–99.94 %`. */
export function formatInterval({ low, high }: Interval): string {
  return `${formatPercent(low)}–${formatPercent(high)} %`;
}

function formatPercent(share: number): string {
  const percent = 100 * share;
  for (let decimals = DECIMALS; decimals < MOST_DECIMALS; decimals++) {
    const text = percent.toFixed(decimals);
    const isRounded = Number(text) === 0 && share !== 0 || Number(text) === 100 && share !== 1;
    if (!isRounded) return text;
  }
  return percent.toFixed(MOST_DECIMALS);
}

/** Writes a difference of shares and its interval, in percentage points: `+1.20`, `+0.31 to +2.09`. */
export function formatDifference(
  { difference, low, high }: Interval & { readonly difference: number },
): [string, string] {
  return [formatPoints(difference), `${formatPoints(low)} to ${formatPoints(high)}`];
}

/** Writes a p-value: `0.031`, `< 0.0001`. */
export function formatProbability(p: number): string {
  return p < 0.0001 ? "< 0.0001" : String(Number(p.toPrecision(2)));
}

function formatPoints(share: number): string {
  const text = (100 * share).toFixed(DECIMALS);
  const isZero = Number(text) === 0;
  return isZero ? text.replace("-", "") : share > 0 ? `+${text}` : text.replace("-", "−");
}

/** Names the weights that answered: `the latest checkpoint, after 2,816 steps`. */
export function describeWeights({ weights, step, members }: ReportHead): string {
  const steps = formatPlural(step, "step");
  return members === undefined
    ? `the ${weights} checkpoint, after ${steps}`
    : `the ${weights} checkpoints of ${
      formatPlural(members.length, "model")
    }, after ${steps} together`;
}
