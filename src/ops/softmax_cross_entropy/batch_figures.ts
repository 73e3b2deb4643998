/** What is measured of a batch. @module */

/** Where each figure lies in the result of `softmaxCrossEntropy`. */
export const BATCH_FIGURES = { loss: 0, characterAccuracy: 1, exactMatch: 2 } as const;
