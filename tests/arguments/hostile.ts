/** Calls functions with arguments of any type; each must be refused with a message, or be valid. @module */
import { assert, assertEquals } from "@std/assert";

/** Values of every type, and numbers outside every range, by name. */
const HOSTILE: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  NaN: NaN,
  "-1": -1,
  "1e9": 1e9,
  "0.5": 0.5,
  "10n": 10n,
  '""': "",
  '"x"': "x",
  "[]": [],
  "{}": {},
  true: true,
  function: () => 1,
  symbol: Symbol("s"),
  Uint8Array: new Uint8Array(3),
};

/** A public function, valid arguments, and the hostile values that are valid too. */
export interface Row {
  readonly call: (...args: unknown[]) => unknown;
  readonly args: readonly unknown[];
  /** For every argument, the names of hostile values that are valid. */
  readonly allowed?: Readonly<Record<number, string>>;
  /** For every argument, the names of hostile values that are not tried, because they are valid and would be used. */
  readonly untried?: Readonly<Record<number, string>>;
  /** Valid values of its options, and the names of hostile values that are valid. The options are the last argument. */
  readonly options?: Readonly<Record<string, readonly [right: unknown, allowed: string]>>;
}

type Loose = (...args: unknown[]) => unknown;

/** Removes the types of a function's arguments, so that values of any type can be tried. */
export function loose(call: unknown): Loose {
  return call as Loose;
}

/** Calls a function, and gives its error, if any. */
async function findError({ call }: Row, args: readonly unknown[]): Promise<unknown> {
  try {
    await call(...args);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Messages of a JavaScript engine, which show that an argument was not checked. */
const UNCHECKED =
  /reading '|is not a function|is not iterable|is not a constructor|convert undefined|destructure|Cannot mix|Cannot convert|Cannot use 'in'|Invalid typed array|allocation failed|call stack/;

function checkError(error: unknown, what: string): void {
  assert(error instanceof Error, `${what} is accepted`);
  assert(
    error.message.startsWith("Cannot ") && !UNCHECKED.test(error.message),
    `${what} says "${error.name}: ${error.message}"`,
  );
  assert(error.message.length < 400, `${what} says ${error.message.length} characters`);
}

/** Registers the tests of every row. */
export function checkRows(rows: Readonly<Record<string, Row>>, ignore = false): void {
  for (const [name, row] of Object.entries(rows)) {
    const { args, allowed = {}, untried = {}, options } = row;
    Deno.test({
      name: `${name}() refuses hostile arguments at once, with a clear error`,
      ignore,
      async fn(): Promise<void> {
        const error = await findError(row, args);
        if (name !== "renderPng") assertEquals(error, undefined, `${name}() of right arguments`);
        for (const [at] of args.entries()) {
          const fine = (allowed[at] ?? "").split(" ");
          for (const [word, value] of Object.entries(HOSTILE)) {
            if (untried[at]?.split(" ").includes(word)) continue;
            const what = `${name}(), argument ${at} being ${word}`;
            const error = await findError(row, args.with(at, value));
            if (fine.includes(word)) assertEquals(error, undefined, what);
            else checkError(error, what);
          }
        }
      },
    });
    if (options === undefined) continue;
    Deno.test({
      name: `${name}() checks every option, and refuses one that it does not know`,
      ignore,
      async fn(): Promise<void> {
        const at = args.length - 1;
        const given = args[at] as Record<string, unknown>;
        for (const [option, [right, allowed]] of Object.entries(options)) {
          const error = await findError(row, args.with(at, { ...given, [option]: right }));
          assertEquals(error, undefined, `${name}(), ${option} being right`);
          for (const [word, value] of Object.entries(HOSTILE)) {
            const what = `${name}(), ${option} being ${word}`;
            const found = await findError(row, args.with(at, { ...given, [option]: value }));
            if (allowed.split(" ").includes(word)) assertEquals(found, undefined, what);
            else checkError(found, what);
          }
          const wrong = `${option}s`;
          const found = await findError(row, args.with(at, { ...given, [wrong]: right }));
          checkError(found, `${name}(), ${wrong}`);
          assert((found as Error).message.includes(`did you mean "${option}"?`), String(found));
        }
      },
    });
  }
}
