/// <reference lib="dom" />
/** Pairs that were opened, dropped, pasted or typed. @module */

/** Pairs, before they are read. */
export interface GivenPairs {
  /** Name of the file. */
  readonly name: string;
  /** What was given. A file is read when it is needed. */
  readonly content: Blob;
}

/** The name of pairs that were not in a file. */
const PASTED = "pasted.tsv";

/** How much of a file is read to show its first lines. */
const PREVIEW_BYTES = 4096;
/** How many lines and characters of a line are shown. */
const PREVIEW_LINES = 4;
const PREVIEW_CHARACTERS = 200;

/** Takes a text as pairs. */
export function givePairs(text: string): GivenPairs {
  return { name: PASTED, content: new Blob([text]) };
}

/** Reads all bytes. @throws {Error} if the file cannot be read any more */
export async function readBytes({ name, content }: GivenPairs): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await content.arrayBuffer());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot read ${name}: ${reason}`, { cause: error });
  }
}

/** Reads the first lines, each cut at its tabs. Of a long line the beginning is given. */
export async function readFirstLines({ content }: GivenPairs): Promise<string[][]> {
  const text = await content.slice(0, PREVIEW_BYTES).text();
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  return lines.slice(0, PREVIEW_LINES).map((line) =>
    line.slice(0, PREVIEW_CHARACTERS).split("\t").slice(0, 4)
  );
}
