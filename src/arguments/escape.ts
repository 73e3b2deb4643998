/** Escapes control characters in text from outside, so that a terminal does not obey them. @module */

/**
 * Characters that can control a terminal or hide text: control characters (C0, DEL, C1), marks and overrides of the writing
 * direction, line and paragraph separators, halves of surrogate pairs.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Converts a text to one line in which every unsafe character is visible: ESC becomes `\x1b`, U+202E `\u202e`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0)!;
    return SHORT[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
  });
}

/** Formats a value as one line of JSON that is safe on a terminal. A parser gives the same value. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(UNSAFE, (character) => `\\u${hex(character.codePointAt(0)!, 4)}`);
}

/** Says whether {@linkcode escapeText} would change a text. */
export function isUnsafe(text: string): boolean {
  return text.search(UNSAFE) >= 0;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
