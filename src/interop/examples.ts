/** Programs that use exported files. @module */

/** Where such a program runs. */
export type Language = "python" | "node" | "browser";

/** Every place, for checks and help texts. */
export const LANGUAGES: readonly Language[] = ["python", "node", "browser"];

/**
 * Writes, for the places where a format can be used, a complete program that answers with an exported file. `python` and `node` (an
 * ES module): the questions are its arguments, and it prints an answer a line. `browser`: a page with the field `#question`, the
 * button `#ask` and the output `#answer`.
 *
 * @param file the path of the exported file, or folder, relative to the program
 */
export type Examples = Readonly<Partial<Record<Language, (file: string) => string>>>;

/** Writes a path as an address that is relative to a page. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
