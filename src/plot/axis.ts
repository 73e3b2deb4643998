/** Axes of charts: the places of values, and the round values that have labels. @module */

/** A value with a label. */
export interface Tick {
  /** Its place: 0 at the lower end of the axis, 1 at the upper one. */
  readonly at: number;
  readonly label: string;
}

/** An axis. */
export interface Axis {
  /** Labelled values, from the lower end to the upper one. */
  readonly ticks: readonly Tick[];
  /** Labels of the lower and of the upper end. */
  readonly ends: readonly [string, string];
  /** Places of round values without a label. */
  readonly minor: readonly number[];
  readonly logarithmic: boolean;
  /** Gives the place of a value: 0 at the lower end, 1 at the upper one. */
  place(value: number): number;
}

/** Most labelled values on a logarithmic axis. */
const MOST_TICKS = 8;
/** Losses that span this factor or more are drawn on a logarithmic axis. */
const DECADE = 10;

/** A round number: m × 10^exponent with m = 1, 2 or 5. */
interface RoundNumber {
  readonly m: number;
  readonly exponent: number;
}

/** Makes the axis of shares. It always spans 0 to 100 %, so that pictures can be compared. */
export function createShareAxis(): Axis {
  const ticks = [0, 20, 40, 60, 80, 100].map((percent) => ({
    at: percent / 100,
    label: `${percent} %`,
  }));
  return {
    ticks,
    ends: ["0 %", "100 %"],
    minor: [],
    logarithmic: false,
    place: (share) => share,
  };
}

/**
 * Makes the axis of losses: logarithmic if they span a decade, else linear from 0.
 *
 * @param losses at least one; finite and not negative. On a logarithmic axis a loss of 0 is at the lower end.
 */
export function createLossAxis(losses: readonly number[]): Axis {
  const highest = losses.reduce((a, b) => Math.max(a, b));
  const lowest = losses.reduce((a, b) => b > 0 && (b < a || a === 0) ? b : a);
  return highest / lowest >= DECADE
    ? createLogarithmicAxis(lowest, highest)
    : createLinearAxis(highest);
}

/** Makes the axis of epochs 1 to `last`. */
export function createEpochAxis(last: number): Axis {
  const place = (epoch: number): number => last === 1 ? 0.5 : (epoch - 1) / (last - 1);
  const step = Math.max(1, valueOf(roundUp(last / 6)));
  const epochs = new Set([1]);
  for (let epoch = step; epoch <= last; epoch += step) epochs.add(epoch);
  const ticks = [...epochs].map((epoch) => ({ at: place(epoch), label: String(epoch) }));
  return { ticks, ends: ["1", String(last)], minor: [], logarithmic: false, place };
}

function createLinearAxis(highest: number): Axis {
  const step = highest > 0 ? roundUp(highest / 5) : { m: 2, exponent: -1 };
  const unit = valueOf(step);
  const steps = Math.max(1, Math.ceil(highest / unit));
  const ticks = Array.from({ length: steps + 1 }, (_, i) => ({
    at: i / steps,
    label: format({ m: i * step.m, exponent: step.exponent }),
  }));
  return {
    ticks,
    ends: [ticks[0]!.label, ticks.at(-1)!.label],
    minor: [],
    logarithmic: false,
    place: (value) => value / unit / steps,
  };
}

function createLogarithmicAxis(lowest: number, highest: number): Axis {
  const low = Math.log10(lowest);
  const high = Math.log10(highest);
  const between = listRound(low, high);
  const first = logarithmOf(between[0]!);
  const span = logarithmOf(between.at(-1)!) - first;
  const at = (number: RoundNumber): number => (logarithmOf(number) - first) / span;
  const stride = between.length <= MOST_TICKS ? 0 : Math.max(1, valueOf(roundUp((high - low) / 7)));
  const hasLabel = ({ m, exponent }: RoundNumber): boolean =>
    stride === 0 || (m === 1 && exponent % stride === 0);
  return {
    ticks: between.filter(hasLabel).map((number) => ({ at: at(number), label: format(number) })),
    ends: [format(between[0]!), format(between.at(-1)!)],
    minor: stride > 1 ? [] : between.filter((number) => !hasLabel(number)).map(at),
    logarithmic: true,
    place: (value) => value > 0 ? Math.max(0, (Math.log10(value) - first) / span) : 0,
  };
}

/** Lists 1, 2 and 5 times the powers of ten that enclose two logarithms: the last below, all between, the first above. */
function listRound(low: number, high: number): RoundNumber[] {
  const numbers: RoundNumber[] = [];
  for (let exponent = Math.floor(low); exponent <= Math.floor(high) + 1; exponent++) {
    for (const m of [1, 2, 5]) numbers.push({ m, exponent });
  }
  const first = numbers.findLastIndex((number) => logarithmOf(number) <= low);
  const last = numbers.findIndex((number) => logarithmOf(number) >= high);
  return numbers.slice(first, last + 1);
}

/** Gives the smallest round number that is not below a positive one. */
function roundUp(value: number): RoundNumber {
  const exponent = Math.floor(Math.log10(value));
  const m = [1, 2, 5].find((m) => valueOf({ m, exponent }) >= value);
  return m === undefined ? { m: 1, exponent: exponent + 1 } : { m, exponent };
}

/** Gives the value, correctly rounded: `m` times a power of ten would not always be. */
function valueOf({ m, exponent }: RoundNumber): number {
  return Number(`${m}e${exponent}`);
}

function logarithmOf({ m, exponent }: RoundNumber): number {
  return Math.log10(m) + exponent;
}

/** Writes a number: as a decimal if its exponent is from -4 to 4, else with an exponent. */
function format({ m, exponent }: RoundNumber): string {
  if (m === 0) return "0";
  return exponent < -4 || exponent > 4 ? `${m}e${exponent}` : String(valueOf({ m, exponent }));
}
