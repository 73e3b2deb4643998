/** Numbers as people read them. @module */
import type { RunStatus } from "../protocol.ts";

const INTEGER = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12345 as `12,345`. */
export function formatCount(value: number): string {
  return INTEGER.format(value);
}

/** 0.9982 as `99.82 %`; whole and zero stay bare, so that 100 % is never a rounded 99.996 %. */
export function formatShare(share: number, decimals = 2): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  const [least, most] = [10 ** -decimals, 100 - 10 ** -decimals];
  return `${Math.min(most, Math.max(least, share * 100)).toFixed(decimals)} %`;
}

/** A loss or a rate with four digits that count. */
export function formatValue(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e5 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** Milliseconds as `850 ms`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** A count in a narrow cell: `734`, `1.2k`, `18k`. */
export function formatNarrow(count: number): string {
  if (count < 1000) return String(count);
  return count < 9950 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;
}

/** A character that can be seen: the space as `␣`. */
export function showCharacter(character: string): string {
  return character === " " ? "␣" : character;
}

/** A character that can be said. */
export function nameCharacter(character: string): string {
  return character === " " ? "space" : character;
}

/** How a run stands, and why it ended. */
export function describeStatus({ state, reason }: Pick<RunStatus, "state" | "reason">): string {
  const why = reason === null ? "" : `: ${END_REASONS[reason] ?? reason}`;
  return `${STATES[state]}${state === "interrupted" && reason === state ? "" : why}`;
}

const STATES: Record<RunStatus["state"], string> = {
  waiting: "Waiting for the first step",
  training: "Training",
  silent: "Silent: it has not ended, and says nothing",
  ended: "Ended",
  interrupted: "Interrupted: can be resumed",
  failed: "Failed",
};

const END_REASONS: Readonly<Record<string, string>> = {
  epochs: "all epochs done",
  stopAt: "the target is reached",
  patience: "no better epoch came",
  nonFiniteLoss: "the loss was not finite",
  error: "an error ended it",
};

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
