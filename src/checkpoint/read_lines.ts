/** Reads a stream of bytes by lines. @module */

import { MAX_LINE_CHARACTERS } from "./limits.ts";

/**
 * Gives the lines of UTF-8 text, without their ends.
 *
 * @param name the name of the stream in error messages
 * @throws {SyntaxError} if a line is too long or not UTF-8, with name and line
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let number = 0;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new SyntaxError(
        `Cannot read ${name}: line ${number + 1} or one after it is not UTF-8`,
      );
    }
  };
  const check = (line: string): void => {
    if (line.length <= MAX_LINE_CHARACTERS) return;
    throw new SyntaxError(
      `Cannot read ${name}: a line must have at most ${MAX_LINE_CHARACTERS} characters, but line ${
        number + 1
      } has more`,
    );
  };
  for await (const bytes of stream) {
    const lines = (rest + decode(bytes)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      check(line);
      number++;
      yield line.endsWith("\r") ? line.slice(0, -1) : line;
    }
    check(rest);
  }
  rest += decode();
  if (rest !== "") yield rest;
}
