/** Makes a kind of problem of arithmetic: what addition, subtraction, multiplication and mixed calculations have in common. @module */
import type { Grouping, Problem, ProblemKind } from "../problem.ts";
import { listEdgeCases, type OperandPair } from "./edge_cases.ts";
import { evaluate, readExpression } from "./expression.ts";
import { generateArithmetic } from "./generated.ts";
import { layOutArithmetic } from "./layout.ts";
import { readArithmeticQuestion } from "./read_question.ts";
import {
  type ArithmeticBasis,
  arithmeticOptions,
  type ArithmeticSettings,
  resolveArithmetic,
} from "./settings.ts";
import { createSpace, type Space } from "./space.ts";
import { describeDigits, describeNumbers, writeSample } from "./words.ts";

/** What distinguishes one kind of arithmetic from another. */
export interface Arithmetic extends ArithmeticBasis {
  /** What is learned, in one line for help texts. */
  readonly summary: string;
  /** Says what a question is: `a sum of two numbers of up to 3 digits each`. */
  describe(numbers: string, space: Space): string;
  /** Gives the groups of an evaluation. */
  groupings(space: Space): readonly Grouping[];
  /** Lists pairs of numbers that a model must not get wrong. Numbers may be out of range: they are then left out. */
  edgePairs(space: Space): readonly OperandPair[];
}

/** Makes a kind of problem. */
export function createArithmeticKind(arithmetic: Arithmetic): ProblemKind<ArithmeticSettings> {
  const { name, summary } = arithmetic;
  return {
    name,
    summary,
    options: arithmeticOptions(arithmetic),
    reverse: true,
    resolve: (given) => resolveArithmetic(given, arithmetic),
    layOut: (settings, reverse) => layOutArithmetic(spaceOf(settings, arithmetic), reverse),
    create: (settings) => createArithmeticProblem(settings, arithmetic),
  };
}

function spaceOf(settings: ArithmeticSettings, { operator }: Arithmetic): Space {
  return createSpace({ ...settings, operators: operator ?? settings.operators! });
}

function createArithmeticProblem(settings: ArithmeticSettings, arithmetic: Arithmetic): Problem {
  const space = spaceOf(settings, arithmetic);
  const { base, terms } = settings;
  const what = `${arithmetic.describe(describeNumbers(space), space)}, such as ${
    writeSample(space)
  }`;
  const numbers = terms === 2 ? "" : `${terms} numbers of `;
  return {
    settings,
    title: `${settings.examples.toLocaleString("en-US")} ${arithmetic.plural} of ${numbers}${
      describeDigits(space)
    }`,
    question: what,
    example: writeSample(space),
    equals: "=",
    groupings: arithmetic.groupings(space),
    readQuestion: (text) => readArithmeticQuestion(text, { ...space, what }),
    answer: (question) => evaluate(readExpression(question, base)).toString(base),
    generated: generateArithmetic(settings, {
      space,
      edgeCases: listEdgeCases(space, arithmetic.edgePairs(space)),
    }),
  };
}
