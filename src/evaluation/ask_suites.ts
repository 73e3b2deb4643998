/** Asks what a problem's maker has put together: edge cases, and questions one size beyond the training. @module */
import { describeFound } from "../arguments/rule.ts";
import { writeEdits, writesEdits } from "../codec/answer_edits.ts";
import type { TextCodec } from "../codec/text_codec.ts";
import { predict, type PredictOptions } from "../model/predict.ts";
import type { Model } from "../model/model.ts";
import type { GivenSearchSettings } from "../model/search_settings.ts";
import type { Example } from "../problem/example.ts";
import type { GeneratedExamples } from "../problem/problem.ts";
import { wilsonInterval } from "./interval.ts";
import type { BeyondResult, SuiteResult } from "./report.ts";
import type { AnsweredQuestion } from "./worst_answers.ts";

/** How suites are asked. */
export type SuiteOptions = GivenSearchSettings & Pick<PredictOptions, "memory">;

/** Number of questions beyond the training that are drawn, and of their wrong answers that are kept. */
const DRAWN_BEYOND = 1000;
const KEPT_BEYOND = 5;

/** Asks the edge cases of a problem; null if it has none. A case that the model cannot be asked is an error of the problem. */
export async function askEdgeCases(
  model: Model,
  { edgeCases }: Pick<GeneratedExamples, "edgeCases">,
  options: SuiteOptions = {},
): Promise<SuiteResult | null> {
  const cases = edgeCases();
  if (cases.length === 0) return null;
  const failures = await findWrong(model, cases, options);
  const examples = cases.length;
  return {
    ...{ examples, right: examples - failures.length, passed: failures.length === 0, failures },
  };
}

/** Asks questions one size beyond the training, of those that the model can read and whose answers it can write. */
export async function askBeyond(
  model: Model,
  { beyond }: Pick<GeneratedExamples, "beyond">,
  options: SuiteOptions = {},
): Promise<BeyondResult | null> {
  if (beyond === undefined) return null;
  const drawn = beyond(DRAWN_BEYOND);
  if (drawn.length === 0) return null;
  const faults = drawn.map((example) => findFault(model, example));
  const possible = drawn.filter((_, i) => faults[i] === undefined);
  const failures = await findWrong(model, possible, options);
  const [examples, right] = [possible.length, possible.length - failures.length];
  return {
    ...{ drawn: drawn.length, examples, right },
    exactMatch: examples === 0 ? null : right / examples,
    ...wilsonInterval(right, examples),
    reason: faults.find((fault) => fault !== undefined) ?? null,
    failures: failures.slice(0, KEPT_BEYOND),
  };
}

/** Says why the model cannot be asked a question or cannot write its answer; undefined if it can. */
export function findFault(
  { source, target }: Pick<Model, "source" | "target">,
  { question, answer }: Example,
): string | undefined {
  const fault = describeFault(source, question, "question");
  if (fault !== undefined) return fault;
  const isEdited = writesEdits(target.layout);
  const written = isEdited ? writeEdits(question, answer, target.layout) : answer;
  return describeFault(target, written, isEdited ? "answer as edits" : "answer");
}

/** Describes why a text cannot be written, in fewer words than the codec, which lists every symbol. */
function describeFault(codec: TextCodec, text: string, what: string): string | undefined {
  const fault = codec.findFault(text);
  if (fault === undefined) return undefined;
  const found = codec.split(text);
  const name = `the ${what} ${describeFound(text)}`;
  if (fault.kind === "length") {
    return `${name} has ${found.length} symbols, but the model has room for ${codec.length}`;
  }
  const unknown = found.find((symbol) => symbol === "" || !codec.layout.symbols.includes(symbol));
  return `${name} has the symbol ${describeFound(unknown)}, which the model does not have`;
}

/** Gives the wrong answers, in the order of the examples. */
async function findWrong(
  model: Model,
  examples: readonly Example[],
  options: SuiteOptions,
): Promise<readonly AnsweredQuestion[]> {
  const predictions = await predict(model, examples.map(({ question }) => question), options);
  return predictions.flatMap(({ answer: guess, probability }, i) => {
    const { question, answer: target } = examples[i]!;
    return guess === target ? [] : [{ question, target, guess, probability }];
  });
}
