/** The first lines of programs that use exported files: what to install, how to run them, what to know. @module */

/** What a program says of itself in its first lines. */
export interface Head {
  /** What it does: `Answers questions with NumPy`. */
  readonly what: string;
  /** The command that installs what it needs; undefined if it needs nothing. */
  readonly install?: string;
  /** What else must be known of it, a line each. */
  readonly notes?: readonly string[];
}

/** Lists what every program says of questions, and then its own notes. */
export function listNotes(notes: readonly string[] = []): string[] {
  return [
    "A question is what the model itself reads. The command predict follows the rules of the model's",
    "problem first: it reads some questions in another form, such as 007+8 as 7+8, and refuses others.",
    "This program knows none of these rules.",
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ];
}

/** Writes the docstring of a program in Python. */
export function writePythonHead(head: Head): string {
  return `"""${listHead(head, "python answer.py QUESTION ...").join("\n")}\n"""`;
}

/** Writes the first comment of a program for Node. */
export function writeNodeHead(head: Head): string {
  const lines = listHead(head, "node answer.mjs QUESTION ...");
  return lines.map((line) => `// ${line}`.trimEnd()).join("\n");
}

function listHead({ what, install = "nothing", notes }: Head, run: string): string[] {
  return [
    `${what}, and prints an answer a line.`,
    "",
    `Install: ${install}`,
    `Run:     ${run}`,
    "",
    ...listNotes(notes),
  ];
}
