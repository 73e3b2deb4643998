/** Quotes words of a command line for a POSIX shell. @module */
import { isUnsafe } from "../arguments/escape.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Quotes a word if a shell would read it differently.
 *
 * A word with control characters is written as `$'…'` (POSIX.1-2024), in which they are escaped.
 */
export function quoteWord(word: string): string {
  if (isUnsafe(word)) return `$'${escapeBytes(word)}'`;
  if (PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Formats an option with its value, so that the shell and the parser of options read the same value. */
export function formatOption(name: string, value: string): string {
  return `--${name}${value.startsWith("-") ? "=" : " "}${quoteWord(value)}`;
}

/** Formats those of some options that were typed, so that they are read again as they were. */
export function formatTyped(
  { given, text }: Pick<TypedOptions, "given" | "text">,
  options: readonly OptionSpec[],
): string[] {
  return options.filter(({ name }) => given(name)).map(({ name, value }) =>
    value === undefined ? `--${name}` : formatOption(name, text(name)!)
  );
}

/** Escapes every byte that is not plain ASCII with three octal digits. Hexadecimal digits could include the next character. */
function escapeBytes(word: string): string {
  return Array.from(new TextEncoder().encode(word), (byte) => {
    const character = String.fromCharCode(byte);
    return PLAIN.test(character) || character === " "
      ? character
      : `\\${byte.toString(8).padStart(3, "0")}`;
  }).join("");
}
