/** Reads the questions of a request, and how they are to be answered. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { BOOLEAN } from "../arguments/rule.ts";
import { MAX_LENGTH } from "../codec/layout.ts";
import { planSearch } from "../model/plan_search.ts";
import { checkQuestion } from "../model/question.ts";
import { type GivenSearchSettings, SEARCH_RULES } from "../model/search_settings.ts";
import { readFields } from "./read_fields.ts";
import { Refusal } from "./refusal.ts";
import type { ServedModel } from "./served_model.ts";

/** Most questions in a request. */
const MAX_QUESTIONS = 1024;
/** Longest question that is read, in UTF-16 units: every model's longest fits. */
const MAX_QUESTION_CHARACTERS = 2 * MAX_LENGTH;

/** What is asked. */
export interface AskedQuestions {
  readonly questions: readonly string[];
  /** Whether `question` was sent: then the answer is one object, not a list. */
  readonly single: boolean;
  readonly options: AskedOptions;
}

interface Flags {
  readonly probabilities: boolean;
  readonly attention: boolean;
}

/** How to predict. */
type AskedOptions = Flags & GivenSearchSettings;

const FLAG_RULES: Rules<Flags> = { probabilities: BOOLEAN, attention: BOOLEAN };

/** The fields of a request. */
const FIELDS = [
  "question",
  "questions",
  "probabilities",
  "attention",
  "beam",
  "nBest",
  "lengthPenalty",
] as const;

/**
 * Reads the body of a request.
 *
 * @throws {Refusal} 400 if a field is wrong or unknown, or a question cannot be read, with its index
 */
export function readAsked(body: unknown, served: ServedModel): AskedQuestions {
  const { question, questions, ...options } = readFields(body, FIELDS);
  if ((question === undefined) === (questions === undefined)) {
    throw new Refusal(
      400,
      "Cannot answer: the body must have exactly one of the fields question and questions",
    );
  }
  const texts = question === undefined ? questions : [question];
  if (!Array.isArray(texts) || texts.length < 1 || texts.length > MAX_QUESTIONS) {
    throw new Refusal(
      400,
      `Cannot answer: questions must be a list of 1 to ${MAX_QUESTIONS} strings`,
    );
  }
  const asked = texts.map((text: unknown, index) => readQuestion(text, index, served));
  return {
    questions: asked,
    single: question !== undefined,
    options: readOptions(options, served),
  };
}

/** Reads how to predict. A request that says something of the search says all of it: then the server's defaults do not count. */
function readOptions(
  { probabilities, attention, ...search }: Partial<Record<keyof AskedOptions, unknown>>,
  { model, asked: { attention: usual = false, ...usualSearch } = {} }: ServedModel,
): AskedOptions {
  const says = Object.values(search).some((value) => value !== undefined);
  try {
    const flags = resolveOptions<Flags, Flags>({ probabilities, attention }, {
      ...{ action: "answer", rules: FLAG_RULES },
      defaults: { probabilities: false, attention: usual },
    });
    const given = resolveOptions<GivenSearchSettings, object>(says ? search : usualSearch, {
      ...{ action: "answer", rules: SEARCH_RULES, defaults: {} },
    });
    planSearch("answer", model, { ...given, attention: flags.attention });
    return { ...flags, ...given };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new Refusal(400, error.message);
  }
}

function readQuestion(text: unknown, index: number, { model, problem }: ServedModel): string {
  const fields = { index };
  if (typeof text !== "string" || text.length > MAX_QUESTION_CHARACTERS) {
    throw new Refusal(
      400,
      `Cannot answer: a question must be a string of at most ${MAX_QUESTION_CHARACTERS} characters`,
      { fields },
    );
  }
  try {
    const { question } = problem.readQuestion(text);
    checkQuestion(model, question);
    return question;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new Refusal(400, error.message, { fields });
  }
}
