/** The figures of a batch. @module */

/** Index of each figure in the result of `softmaxCrossEntropy`. */
export const BATCH_FIGURES = { loss: 0, characterAccuracy: 1, exactMatch: 2 } as const;
