/** Words of a command line as a POSIX shell reads them. @module */
import { isUnsafe } from "./escape.ts";

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Quotes a word where a shell would take it for something else.
 *
 * A word with control characters is written as `$'…'` (POSIX.1-2024), which shows none of them.
 */
export function quoteWord(word: string): string {
  if (isUnsafe(word)) return `$'${escapeBytes(word)}'`;
  if (PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Writes an option with its value, so that neither the shell nor the option's parser takes the value for something else. */
export function formatOption(name: string, value: string): string {
  return `--${name}${value.startsWith("-") ? "=" : " "}${quoteWord(value)}`;
}

/** Every byte that is not plain ASCII as three octal digits: a hexadecimal one would go on into the next character. */
function escapeBytes(word: string): string {
  return Array.from(new TextEncoder().encode(word), (byte) => {
    const character = String.fromCharCode(byte);
    return PLAIN.test(character) || character === " "
      ? character
      : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}
