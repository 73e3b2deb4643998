/** Programs that use exported files. @module */

/** Where such a program runs. */
export type Language = "python" | "node" | "browser";

/** Every place, for checks and help texts. */
export const LANGUAGES: readonly Language[] = ["python", "node", "browser"];

/**
 * Writes, for the places where a format can be used, a complete program that answers with an exported file. `python` and `node` (an
 * ES module): the questions are its arguments. It checks all of them, and then prints an answer a line; otherwise it says in a
 * sentence on standard error what it needs, and ends with 1. `browser`: a page with the field `#question`, the button `#ask` and the
 * output `#answer`, which shows the sentence too.
 *
 * @param file the path of the exported file, or folder. `python` and `node` take it as it is, relative to the working directory.
 * A page stands beside the file, and takes the last name of the path alone
 */
export type Examples = Readonly<Partial<Record<Language, (file: string) => string>>>;
