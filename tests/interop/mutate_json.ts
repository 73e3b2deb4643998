/** Changes of JSON, for tests that a parser refuses whatever it cannot read. @module */
import type { Prng } from "../../src/random/prng.ts";
import { mutate } from "./mutate.ts";

/** Changes the text of a configuration: numbers, words, and marks. */
export function mutateJson(text: string, prng: Prng): string {
  const { nextInt } = prng;
  const pick = <T>(list: readonly T[]): T => list[nextInt(list.length)]!;
  switch (nextInt(4)) {
    case 0: {
      const numbers = ["-1", "0", "1e9", "1e309", "1.5", "null", "[]", '"4"', "9007199254740993"];
      return replaceOne(text, /-?\d+(?:\.\d+)?/g, pick(numbers), nextInt);
    }
    case 1: {
      const values = ["true", "false", "null", "{}", "[]", '""', "3"];
      return replaceOne(text, /\b(?:true|false|null)\b/g, pick(values), nextInt);
    }
    case 2: {
      const words = ['"__proto__"', '"constructor"', '"Lambda"', '"softmax"', '"units"', '"LSTM"'];
      return replaceOne(text, /"[^"]*"/g, pick(words), nextInt);
    }
    default:
      return new TextDecoder().decode(mutate(new TextEncoder().encode(text), prng));
  }
}

function replaceOne(
  text: string,
  pattern: RegExp,
  by: string,
  nextInt: Prng["nextInt"],
): string {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return text;
  const { index, 0: { length } } = matches[nextInt(matches.length)]!;
  return text.slice(0, index) + by + text.slice(index + length);
}
