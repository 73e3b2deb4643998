/** Calculations as text: numbers with operators between them, such as `535+61`. @module */
import { describeFound } from "../../arguments/rule.ts";

/** The operators in their order. */
export const OPERATORS = "+-*";

/** A calculation: `2+3*4` has the operands 2, 3 and 4 and the operators `+*`. */
export interface Expression {
  /** The numbers, integers from 0. */
  readonly operands: readonly number[];
  /** The operator behind each number except the last. */
  readonly operators: string;
}

/** Writes a calculation with digits 0 to 9 and then a to f. */
export function writeExpression({ operands, operators }: Expression, base: number): string {
  let text = operands[0]!.toString(base);
  for (let i = 1; i < operands.length; i++) text += operators[i - 1]! + operands[i]!.toString(base);
  return text;
}

/** The numbers of a calculation as they are written. */
export interface WrittenExpression {
  /** The numbers, digit by digit. */
  readonly numbers: readonly string[];
  /** The operator behind each number except the last. */
  readonly operators: string;
}

/**
 * Divides a calculation into its numbers and operators.
 *
 * @throws {SyntaxError} if it is none
 */
export function divideExpression(question: string): WrittenExpression {
  if (!/^[0-9a-f]+(?:[-+*][0-9a-f]+)+$/.test(question)) {
    throw new SyntaxError(
      `Cannot read ${describeFound(question)}: it must be numbers with operators between them`,
    );
  }
  return {
    numbers: question.split(/[-+*]/),
    operators: question.replace(/[^-+*]/g, ""),
  };
}

/** Reads a calculation that {@linkcode writeExpression} wrote. @throws {SyntaxError} if it is none */
export function readExpression(question: string, base: number): Expression {
  const { numbers, operators } = divideExpression(question);
  return { operands: numbers.map((number) => parseInt(number, base)), operators };
}

/**
 * Calculates the exact result: products first, then from the left.
 *
 * Sums of five numbers of nine digits are exact in float64. Products are not, so that they are calculated with BigInt.
 */
export function evaluate({ operands, operators }: Expression): number | bigint {
  if (operators.includes("*")) return evaluateProducts(operands, operators);
  let result = operands[0]!;
  for (let i = 1; i < operands.length; i++) {
    result += operators[i - 1] === "-" ? -operands[i]! : operands[i]!;
  }
  return result;
}

function evaluateProducts(operands: readonly number[], operators: string): bigint {
  let result = 0n;
  let product = BigInt(operands[0]!);
  for (let i = 1; i < operands.length; i++) {
    const operand = BigInt(operands[i]!);
    if (operators[i - 1] === "*") {
      product *= operand;
      continue;
    }
    result += product;
    product = operators[i - 1] === "-" ? -operand : operand;
  }
  return result + product;
}
