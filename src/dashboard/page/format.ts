/** Writes numbers, durations and states for people. @module */
import { KEPT, LEFT_OUT_BEHIND, LEFT_OUT_IN_FRONT } from "../../codec/answer_edits.ts";
import { showSymbol } from "../../codec/show_symbol.ts";
import type { RunStatus } from "../protocol.ts";

const INTEGER = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Writes 12345 as `12,345`. */
export function formatCount(value: number): string {
  return INTEGER.format(value);
}

/** Writes 0.9982 as `99.82 %`. Only 0 and 1 are `0 %` and `100 %`: 99.996 % is never rounded to 100 %. */
export function formatShare(share: number, decimals = 2): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  const [least, most] = [10 ** -decimals, 100 - 10 ** -decimals];
  return `${Math.min(most, Math.max(least, share * 100)).toFixed(decimals)} %`;
}

/** Writes a loss or a rate with four significant digits. */
export function formatValue(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e5 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** Writes milliseconds as `850 ms`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** Writes a count for a narrow cell: `734`, `1.2k`, `18k`. */
export function formatNarrow(count: number): string {
  if (count < 1000) return String(count);
  return count < 9950 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;
}

/** Gives a symbol a name for speech and headings: a space is `space`, other symbols stand in quotation marks. */
export function nameSymbol(symbol: string): string {
  return NAMES.get(symbol) ?? `“${showSymbol(symbol)}”`;
}

/** A map, because a symbol may be any word, also one that every object has, such as `constructor`. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["", "padding"],
  [" ", "space"],
  ["\t", "tab"],
  ["\n", "end of line"],
  ["\ufffd", "unknown symbol"],
  [KEPT, "kept part of the question"],
  [LEFT_OUT_IN_FRONT, "left out in front"],
  [LEFT_OUT_BEHIND, "left out behind"],
]);

/** Describes the state of a run, and why it ended. */
export function describeStatus({ state, reason }: Pick<RunStatus, "state" | "reason">): string {
  const why = reason === null ? "" : `: ${END_REASONS[reason] ?? reason}`;
  return `${STATES[state]}${state === "interrupted" && reason === state ? "" : why}`;
}

const STATES: Record<RunStatus["state"], string> = {
  waiting: "Waiting for the first step",
  training: "Training",
  silent: "No new events: its process may have stopped",
  ended: "Ended",
  interrupted: "Interrupted: it can be resumed",
  failed: "Failed",
};

const END_REASONS: Readonly<Record<string, string>> = {
  epochs: "all epochs are done",
  stopAt: "the target is reached",
  patience: "no epoch was better for too long",
  nonFiniteLoss: "the loss was not finite",
  error: "an error occurred",
};

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
