/** Divides checks into parts, and orders them. @module */
import type { NamedCheck, Scale } from "../tests/reliability/checks.ts";

/** The work of one process. */
export interface Part {
  readonly check: NamedCheck;
  readonly trials: number;
  /** Its number among the parts of its check. */
  readonly part: number;
}

/**
 * Divides checks into parts. First come the checks that measure times and run alone; then those that are not divided; then the
 * first part of each other check, to learn early how long its parts take; then the remaining parts, check by check.
 */
export function planParts(checks: readonly NamedCheck[], scale: Scale): Part[] {
  const divided = checks.map((check) => divide(check, scale));
  const isOne = (parts: Part[]): boolean => parts[0]?.check.partTrials === undefined;
  const single = divided.filter(isOne).flat();
  const several = divided.filter((parts) => !isOne(parts));
  return [
    ...single.filter(({ check }) => check.alone),
    ...single.filter(({ check }) => !check.alone),
    ...several.flatMap((parts) => parts.slice(0, 1)),
    ...several.flatMap((parts) => parts.slice(1)),
  ];
}

function divide(check: NamedCheck, scale: Scale): Part[] {
  const trials = check.trials[scale];
  const { partTrials = trials } = check;
  if (trials === 0) return [];
  return Array.from({ length: Math.ceil(trials / partTrials) }, (_, part) => ({
    check,
    part,
    trials: Math.min(partTrials, trials - part * partTrials),
  }));
}
