/** Made-up words with their inflected forms, as an inflection file has them. @module */
import type { Example } from "../src/problem/example.ts";

const ENDINGS = { NOM: "", ACC: "t", "IN+ESS": "ban", "ON+ALL": "ra" };

/** Makes different examples: a word, after a tab its features, and its form. A word in front of a plural ending loses its last vowel. */
export function makeInflections(count: number): readonly Example[] {
  return Array.from({ length: count }, (_, i) => {
    const word = "bdgkm"[i % 5]! + "aeiou"[Math.floor(i / 5) % 5] +
      "lnrst"[Math.floor(i / 25) % 5] +
      ["a", "et", "il"][i % 3];
    const [name, ending] = Object.entries(ENDINGS)[Math.floor(i / 3) % 4]!;
    const isPlural = i % 7 < 3;
    const stem = isPlural ? `${word.replace(/[aeiou]$/, "")}ok` : word;
    return { question: `${word}\tN;${name};${isPlural ? "PL" : "SG"}`, answer: stem + ending };
  });
}

/** Writes examples as a file of three columns. */
export function writeInflections(examples: readonly Example[]): string {
  return examples.map(({ question, answer }) => {
    const [word, features] = question.split("\t");
    return `${word}\t${answer}\t${features}\n`;
  }).join("");
}
