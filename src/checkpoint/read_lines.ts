/** Lines of a stream of bytes. @module */

/** Longest line that is read: a stream without an end of line must not fill the memory. */
const MAX_LINE_CHARACTERS = 1 << 20;

/** Gives the lines of UTF-8 text, without their ends. @throws {SyntaxError} if a line is too long or not UTF-8 */
export async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let number = 0;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new SyntaxError(`Cannot read line ${number + 1} or one after it: it is not UTF-8`);
    }
  };
  for await (const bytes of stream) {
    const lines = (rest + decode(bytes)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      number++;
      yield line.endsWith("\r") ? line.slice(0, -1) : line;
    }
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new SyntaxError(
        `Cannot read line ${
          number + 1
        }: a line must have at most ${MAX_LINE_CHARACTERS} characters`,
      );
    }
  }
  rest += decode();
  if (rest !== "") yield rest;
}
