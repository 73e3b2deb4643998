/** Times as they are typed: `30s`, `2m`, `1.5h`. @module */

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Reads a time with its unit, in milliseconds; undefined if it is none, or not above 0. */
export function readDuration(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  const ms = Number(digits) * (UNIT_MS[unit] ?? NaN);
  return ms > 0 && ms <= Number.MAX_SAFE_INTEGER ? ms : undefined;
}
