/// <reference lib="dom" />
/** An answer, each character as sure as it is; and whether it is right. @module */
import { certaintyOf } from "./color_scale.ts";
import { element } from "./dom.ts";
import { formatShare, nameCharacter, showCharacter } from "./format.ts";

/** Writes a text whose characters are coloured and underlined by their probabilities. */
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

/** ☑ or ☒, and what it means for who hears it. */
export function drawMark(right: boolean): HTMLElement {
  return element(
    "span",
    { class: `mark ${right ? "right" : "wrong"}` },
    element("span", { attributes: { "aria-hidden": "true" } }, right ? "☑" : "☒"),
    element("span", { class: "hidden" }, right ? "right: " : "wrong: "),
  );
}
