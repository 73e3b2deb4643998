/** Counts questions, repeated pairs and questions with several answers, without keeping texts. @module */
import { FEATURE_MARK } from "../../codec/layout.ts";
import { combineHashes, hashText } from "./hash_text.ts";
import { createKeyTable, enlarge } from "./key_table.ts";

/** What is known of all questions together. */
export interface PairIndex {
  /** Adds a pair. It says whether its question has another answer already, and no third one. */
  add(question: string, answer: string): boolean;
  /** Gives the number of different questions. */
  readonly questions: number;
  /** Gives the number of different pairs. */
  readonly different: number;
  /** Gives the number of questions with several answers. */
  readonly contradictory: number;
  /** Says what is known of a question: whether it is there, with that answer, and whether that answer is the most frequent. */
  recall(question: string, answer: string): "unknown" | "other answer" | "answer" | "usual answer";
  /** Gives all different questions: the hash of each, the number of its pairs, and how many of these copy the question. */
  groups(): Iterable<QuestionGroup>;
}

/** All pairs with the same question. */
export interface QuestionGroup {
  /** The hash of the question, by `hashText`. */
  readonly hash: number;
  /** Number of pairs. */
  readonly pairs: number;
  /** Number of pairs whose answer is the question. */
  readonly copies: number;
}

const FIRST_ROWS = 1024;

/** Makes an empty index. It takes up to 80 bytes for each different pair. */
export function createPairIndex(): PairIndex {
  const pairs = createKeyTable();
  const questions = createKeyTable();
  let timesOfPair = new Uint32Array(FIRST_ROWS);
  let rows = createRows(FIRST_ROWS);
  let contradictory = 0;

  return {
    get questions(): number {
      return questions.size;
    },
    get different(): number {
      return pairs.size;
    },
    get contradictory(): number {
      return contradictory;
    },
    add(question, answer): boolean {
      const hash = hashText(question);
      const before = pairs.size;
      const pair = pairs.add(combineHashes(hash, hashText(answer)));
      const isNewPair = pairs.size > before;
      if (pair >= timesOfPair.length) timesOfPair = enlarge(timesOfPair, 2 * timesOfPair.length);
      const times = ++timesOfPair[pair]!;
      const row = questions.add(hash);
      if (row >= rows.total.length) rows = enlargeRows(rows);
      rows.total[row]!++;
      if (isCopy(question, answer)) rows.copies[row]!++;
      if (times > rows.mostTimes[row]!) {
        rows.mostTimes[row] = times;
        rows.usualPair[row] = pair;
      }
      if (!isNewPair || ++rows.answers[row]! !== 2) return false;
      contradictory++;
      return true;
    },
    recall(question, answer): "unknown" | "other answer" | "answer" | "usual answer" {
      const hash = hashText(question);
      const row = questions.find(hash);
      if (row < 0) return "unknown";
      const pair = pairs.find(combineHashes(hash, hashText(answer)));
      if (pair < 0) return "other answer";
      return rows.usualPair[row] === pair ? "usual answer" : "answer";
    },
    *groups(): Generator<QuestionGroup, void> {
      for (let row = 0; row < questions.size; row++) {
        yield {
          hash: questions.keyAt(row),
          pairs: rows.total[row]!,
          copies: rows.copies[row]!,
        };
      }
    },
  };
}

/** Says whether an answer repeats the text of its question. Features do not count. */
export function isCopy(question: string, answer: string): boolean {
  return question.length === answer.length
    ? question === answer
    : question[answer.length] === FEATURE_MARK && question.startsWith(answer);
}

/** What is known of each question, by its number. */
interface QuestionRows {
  /** Number of its pairs. */
  readonly total: Uint32Array;
  /** Number of its pairs whose answer is the question. */
  readonly copies: Uint32Array;
  /** Number of its different answers. */
  readonly answers: Uint32Array;
  /** Its most frequent pair; of several, the one that was first so frequent. */
  readonly usualPair: Uint32Array;
  /** How often that pair occurs. */
  readonly mostTimes: Uint32Array;
}

function createRows(length: number): QuestionRows {
  const column = (): Uint32Array => new Uint32Array(length);
  return {
    ...{ total: column(), copies: column(), answers: column() },
    ...{ usualPair: column(), mostTimes: column() },
  };
}

function enlargeRows(rows: QuestionRows): QuestionRows {
  const longer = (column: Uint32Array): Uint32Array => enlarge(column, 2 * column.length);
  return {
    total: longer(rows.total),
    copies: longer(rows.copies),
    answers: longer(rows.answers),
    usualPair: longer(rows.usualPair),
    mostTimes: longer(rows.mostTimes),
  };
}
