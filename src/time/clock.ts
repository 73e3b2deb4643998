/** A clock that is given to what needs the time. @module */
import { functionRule, type Rule } from "../arguments/rule.ts";

/** A clock. It gives the milliseconds since any fixed moment. */
export type Clock = () => number;

/** The rule for a clock. */
export const CLOCK: Rule<Clock> = functionRule();
