/** What an evaluation finds of an ensemble: each of its models alone, and whether their agreement tells what is right. @module */
import { isSameRow, measureAgreement } from "../model/combine.ts";
import { type Calibration, createCalibrationCounter } from "./calibration.ts";
import { findInterval, type Interval } from "./interval.ts";

/** A model of an ensemble alone, with the 95 % interval of its exact match. */
export interface MemberFigures extends Interval {
  /** Number of examples it answers correctly. */
  readonly right: number;
  /** Share of examples it answers correctly, from 0 to 1. */
  readonly exactMatch: number;
}

/** What is found of an ensemble. */
export interface EnsembleFigures {
  /** Its models, in order. */
  readonly members: readonly MemberFigures[];
  /** Mean of their exact matches. */
  readonly meanExactMatch: number;
  /** Sample standard deviation of their exact matches, sqrt(Σ (x - mean)² / (n - 1)); null of one model. */
  readonly standardDeviation: number | null;
  /** Whether the agreement is to be believed: here the share of models that give the ensemble's answer alone is its probability. */
  readonly agreement: Calibration;
}

/** Answers of an ensemble and of its models, each uint8 (N, T). */
export interface EnsembleAnswers {
  readonly targets: Uint8Array;
  readonly answers: Uint8Array;
  readonly members: readonly Uint8Array[];
}

/** Counts the answers of an ensemble's models. */
export interface EnsembleCounter {
  /** Counts some answers. */
  add(answered: EnsembleAnswers): void;
  /** Gives the figures. @param examples number of all examples; those that were not answered count as wrong */
  finish(examples: number, complete: boolean): EnsembleFigures;
}

/** Makes a counter. @param T number of symbols of an answer */
export function createEnsembleCounter(T: number): EnsembleCounter {
  const agreement = createCalibrationCounter();
  const right: number[] = [];
  return {
    add({ targets, answers, members }): void {
      for (let row = 0; row < targets.length / T; row++) {
        const place = { from: row * T, T };
        agreement.add(
          measureAgreement(answers, members, { row, T }),
          isSameRow(answers, targets, place),
        );
        for (const [i, own] of members.entries()) {
          right[i] = (right[i] ?? 0) + Number(isSameRow(own, targets, place));
        }
      }
    },
    finish(examples, complete): EnsembleFigures {
      const members = right.map((count) => ({
        ...{ right: count, exactMatch: count / examples },
        ...findInterval(count, examples, complete),
      }));
      return {
        members,
        ...describeSpread(members.map(({ exactMatch }) => exactMatch)),
        agreement: agreement.finish(),
      };
    },
  };
}

function describeSpread(
  shares: readonly number[],
): Pick<EnsembleFigures, "meanExactMatch" | "standardDeviation"> {
  const n = shares.length;
  const mean = shares.reduce((a, b) => a + b, 0) / n;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return {
    meanExactMatch: mean,
    standardDeviation: n === 1 ? null : Math.sqrt(squares / (n - 1)),
  };
}
