/// <reference lib="dom" />
/** Draws an answer with the probability of each character, and the mark that says whether it is correct. @module */
import { certaintyOf } from "./color_scale.ts";
import { element } from "./dom.ts";
import { formatShare, nameCharacter, showCharacter } from "./format.ts";

/** Draws a text. The colour and the underline of each character show its probability. */
export function drawCharacters(text: string, probabilities: readonly number[]): HTMLElement {
  const characters = Array.from(text, (character, i) => {
    const probability = probabilities[i] ?? 0;
    const title = `${nameCharacter(character)}: ${formatShare(probability)}`;
    return element(
      "span",
      {
        class: `character ${certaintyOf(probability)}`,
        attributes: { title },
        properties: { "--tint": `${(probability * 100).toFixed(1)}%` },
      },
      showCharacter(character),
    );
  });
  if (characters.length === 0) characters.push(element("span", { class: "empty" }, "nothing"));
  return element("span", { class: "characters" }, ...characters);
}

/** Draws ☑ or ☒, with a word for screen readers. */
export function drawMark(right: boolean): HTMLElement {
  return element(
    "span",
    { class: `mark ${right ? "right" : "wrong"}` },
    element("span", { attributes: { "aria-hidden": "true" } }, right ? "☑" : "☒"),
    element("span", { class: "hidden" }, right ? "correct: " : "wrong: "),
  );
}
