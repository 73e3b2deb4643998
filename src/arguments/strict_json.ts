/**
 * Parses JSON that has only one meaning.
 *
 * Of two equal keys, `JSON.parse` takes the last one, and other readers take the first. So a check and a program could read
 * different values. RFC 8259, section 4, calls that unpredictable; here it is an error.
 *
 * @module
 */

/** Deepest nesting that is read. Carry writes at most 4 levels. */
const MAX_DEPTH = 16;

/**
 * Parses JSON in which no object has the same key twice.
 *
 * @throws {SyntaxError} if it is not JSON, has a key twice in one object, or is nested deeper than 16 levels
 */
export function parseStrictJson(text: string): unknown {
  checkKeys(text);
  return JSON.parse(text);
}

/** Checks keys and depth. It may accept a text that is not JSON, which the parser then refuses. */
function checkKeys(text: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case "{":
      case "[":
        if (open.length === MAX_DEPTH) {
          throw new SyntaxError(
            `it must be nested at most ${MAX_DEPTH} levels deep, but is deeper at position ${at}`,
          );
        }
        open.push(new Set());
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case '"': {
        const end = findEndOfString(text, at);
        if (isKey(text, end)) addKey(open.at(-1), text.slice(at, end));
        at = end - 1;
      }
    }
  }
}

/** Finds the position after the quote that ends the string, or the end of the text. */
function findEndOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** A string is a key if a colon follows it. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return text[at] === ":";
}

function addKey(keys: Set<string> | undefined, literal: string): void {
  const key = JSON.parse(literal);
  if (keys?.has(key)) {
    throw new SyntaxError(`every key must occur once in an object, but ${literal} occurs twice`);
  }
  keys?.add(key);
}
