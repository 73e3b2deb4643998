/** How many steps an optimiser of Keras' counts. @module */

/** Most steps that it may have taken: its counter is written as an int32. */
export const MOST_STEPS: number = 2 ** 31 - 1;
