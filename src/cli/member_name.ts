/** Which model of an ensemble is trained. @module */

/** A model of an ensemble that is trained. */
export interface MemberName {
  /** Its number, from 1. */
  readonly number: number;
  /** Number of all models. */
  readonly of: number;
  /** Whether this program has trained no model before it. */
  readonly isFirst: boolean;
  /** Whether no model is trained after it. */
  readonly isLast: boolean;
}
