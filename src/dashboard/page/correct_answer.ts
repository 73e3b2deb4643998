/** What is right, where the page can compute it. @module */
import { parseAddition } from "../../problem/addition.ts";

/** Gives the sum that a question asks for, undefined where it is no addition; exact at any length. */
export function correctAnswer(question: string): string | undefined {
  try {
    const [a, b] = parseAddition(question);
    return String(BigInt(a) + BigInt(b));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
