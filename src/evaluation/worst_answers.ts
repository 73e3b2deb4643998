/** The wrong answers that a model is most sure of. @module */

/** An answer to a question whose correct answer is known. */
export interface AnsweredQuestion {
  /** The question as people write it. */
  readonly question: string;
  /** The correct answer. */
  readonly target: string;
  /** The model's answer. */
  readonly guess: string;
  /** Probability that the model gives its answer, padding included, from 0 to 1. */
  readonly probability: number;
}

/** Keeps the wrong answers of the highest probabilities, of any number of them. */
export interface WorstAnswers {
  /** Takes a wrong answer, which is read only if it is kept. */
  take(probability: number, read: () => Omit<AnsweredQuestion, "probability">): void;
  /** Gives those that were kept: the most probable first, of equally probable ones the first that came. */
  finish(): readonly AnsweredQuestion[];
}

/** Makes a list of at most `most` answers. */
export function createWorstAnswers(most: number): WorstAnswers {
  const kept: AnsweredQuestion[] = [];
  return {
    take(probability, read): void {
      if (kept.length >= most && !(most > 0 && probability > kept.at(-1)!.probability)) return;
      let at = kept.length;
      while (at > 0 && kept[at - 1]!.probability < probability) at--;
      kept.splice(at, 0, { ...read(), probability });
      if (kept.length > most) kept.pop();
    },
    finish: () => [...kept],
  };
}
