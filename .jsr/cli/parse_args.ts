/** `parseArgs` of `@std/cli` as a typed pass-through over `minimist`, which it descends from. @module */
// @ts-types="npm:@types/minimist@^1.2.5"
import minimist from "minimist";

/** The options of `parseArgs` that Carry uses, with the types that the genuine defaults give them. */
export interface ParseOptions {
  boolean?: boolean | string | readonly string[] | undefined;
  string?: string | readonly string[] | undefined;
  negatable?: string | readonly string[] | undefined;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What `parseArgs` returns: values by option name, and the other arguments in `_`. */
// deno-lint-ignore no-explicit-any
export type Args = Record<string, any> & { _: Array<string | number> };

/** Splits command-line arguments into options and the rest; the last of a repeated option wins. */
export function parseArgs(args: string[], options: ParseOptions = {}): Args {
  const { boolean = [], string = [], unknown = (): boolean => true } = options;
  const parsed = minimist(args, {
    boolean: typeof boolean === "boolean" ? boolean : [boolean].flat(),
    string: [string].flat(),
    unknown: (arg: string): boolean => unknown(arg) !== false,
  });
  for (const [key, value] of Object.entries(parsed)) {
    if (key !== "_" && Array.isArray(value)) parsed[key] = value.at(-1);
  }
  return parsed;
}
