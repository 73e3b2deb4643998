/** Takes the reason out of an error. @module */

/** The beginning of an error's message. A quoted text in it may have any characters, such as that of `Cannot encode "a: b": `. */
const BEGINNING = /^Cannot (?:"(?:[^"\\]|\\.)*"|:(?! )|[^":])*: /;

/** Gives the message of an error without its beginning `Cannot …: `, for a caller that writes a beginning of its own. */
export function takeReason(error: unknown): string {
  return (error as Error).message.replace(BEGINNING, "");
}
