/** The settings of people's own pairs. @module */
import type { ProblemSettings } from "../problem.ts";
import type { PairColumns, PairFormat } from "./fields.ts";
import type { HeldBack } from "./hold_back.ts";
import type { BAD_LINES } from "./pair_reader.ts";
import type { TextOptions } from "./pair_text.ts";

/** A file of pairs that was read. */
export interface PairFile {
  /** Its path as it was typed: a relative one is relative to the working directory. */
  readonly path: string;
  /** The format in which it was read. */
  readonly format: PairFormat;
  /** The SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Its size. */
  readonly sizeBytes: number;
  /** Number of its pairs. */
  readonly pairs: number;
}

/** A file of pairs, the path of one that has not been read yet, or null for none. */
export type PairSource = PairFile | string | null;

/** How answers are written; `auto`: chosen by the pairs, and saved as what was chosen. */
export type AnswerForm = "auto" | "text" | "edits";
/** In which order the features of a question stand in training; `auto`: `random` if answers are edits, else `file`. */
export type FeatureOrder = "auto" | "random" | "file";

/** Every way to write answers, and every order of features, for checks and help texts. */
export const ANSWER_FORMS: readonly AnswerForm[] = ["auto", "text", "edits"];
export const FEATURE_ORDERS: readonly FeatureOrder[] = ["auto", "random", "file"];

/** The settings of a problem that is learned from people's own pairs. */
export interface PairsSettings extends ProblemSettings, PairColumns, TextOptions {
  readonly name: "pairs";
  /** The pairs that the model learns from; null if a program gave them. */
  readonly data: PairSource;
  /** The pairs that it is measured on while it learns; null if a part of `data` is held back. */
  readonly validation: PairSource;
  /** The pairs that it is measured on at the end; null for none. */
  readonly test: PairSource;
  /** The format of all files; `auto`: JSON lines if the name of a file ends in `.jsonl` or `.ndjson`, otherwise TSV. */
  readonly format: "auto" | PairFormat;
  /** Share of `data` that is held back, in (0, 1); null if there is a validation file. */
  readonly split: number | null;
  /** Symbols of questions that occur less often in `data` are unknown ones; null: 2, or 1 with fewer than 1000 pairs. */
  readonly minCount: number | null;
  /**
   * How the model writes answers: as they are (`text`), or as edits of the question's text (`edits`): which part of it is kept, and what
   * is added to it. `auto`: edits if all pairs have features and most answers keep most of their question.
   */
  readonly answers: AnswerForm;
  /** In which order features stand in training: in another random one in every epoch, or as in the file. */
  readonly featureOrder: FeatureOrder;
  /** What is done about lines that cannot be read. */
  readonly badLines: typeof BAD_LINES[number];
  /** The questions that are held back, which are chosen when the files are measured; null if none are or were chosen. */
  readonly heldBack: HeldBack | null;
}

/** Says whether settings are those of pairs. */
export function isPairs(settings: ProblemSettings): settings is PairsSettings {
  return settings.name === "pairs";
}

/** Counts the pairs that the model learns from; undefined if the files have not been measured. */
export function countTrainingPairs({ data, heldBack }: PairsSettings): number | undefined {
  if (data === null || typeof data === "string") return undefined;
  return Math.max(1, data.pairs - (heldBack?.pairs ?? 0));
}

/** The settings that are typed. */
export type PairsOptions = Pick<
  PairsSettings,
  | keyof PairColumns
  | keyof TextOptions
  | "data"
  | "validation"
  | "test"
  | "format"
  | "split"
  | "minCount"
  | "answers"
  | "featureOrder"
  | "badLines"
>;
