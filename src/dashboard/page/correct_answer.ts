/** The correct answer to an addition. @module */
import { parseAddition } from "../../problem/addition.ts";

/** Gives the exact sum that a question asks for, of any length; undefined if the question is not an addition. */
export function correctAnswer(question: string): string | undefined {
  try {
    const [a, b] = parseAddition(question);
    return String(BigInt(a) + BigInt(b));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
