/** Options of the commands that serve. @module */
import { checkChosenToken } from "../serve/token.ts";
import { readTokenFile } from "../serve/token_file.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** The port. */
export const PORT_OPTION: OptionSpec = {
  name: "port",
  value: "P",
  help: "port on 127.0.0.1; 0: any free port (default: the first free one from 4750 to 4770)",
};

/** The environment variable that may hold the token. */
const TOKEN_VARIABLE = "CARRY_TOKEN";

/** Gives the options that choose the token. @param otherwise the token that is used if none of them is given */
export function tokenOptions(otherwise: string): readonly OptionSpec[] {
  return [
    {
      name: "token",
      value: "TEXT",
      help:
        'token that requests must have: 16 to 256 letters, digits, "-", ".", "_", "~"; other users of this machine can see it in the list of processes',
    },
    {
      name: "token-file",
      value: "FILE",
      help:
        `file with the token, which only you can read (default: the environment variable ${TOKEN_VARIABLE}, or ${otherwise})`,
    },
  ];
}

/** A token, and a description of its source. */
export interface GivenToken {
  readonly token: string;
  readonly tokenSource: string;
}

/** Reads `--port`. @throws {UsageError} if it is not a port */
export function readPort(typed: TypedOptions): { readonly port?: number } {
  const port = typed.number("port");
  if (port === undefined) return {};
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return { port };
  throw new UsageError(`Cannot read --port: it must be an integer from 0 to 65535, but is ${port}`);
}

/**
 * Reads the token from `--token`, `--token-file` or the environment variable CARRY_TOKEN. The variable is used only if this
 * process has the permission to read it; the user is not asked for the permission.
 *
 * @returns an empty object if none of them is given
 * @throws {UsageError} if more than one is given, or the value cannot be a token
 * @throws {Error} if the file cannot be read
 */
export function readToken(typed: TypedOptions): GivenToken | Record<never, never> {
  const text = typed.text("token");
  const file = typed.text("token-file");
  const variable = readVariable();
  const sources = [
    ...(text === undefined ? [] : ["--token"]),
    ...(file === undefined ? [] : ["--token-file"]),
    ...(variable === undefined ? [] : [`the environment variable ${TOKEN_VARIABLE}`]),
  ];
  if (sources.length > 1) {
    throw new UsageError(
      `Cannot choose a token: it must have one source, but ${sources.join(" and ")} are given`,
    );
  }
  const [tokenSource] = sources;
  if (tokenSource === undefined) return {};
  const token = checkTyped(() => {
    if (file !== undefined) return readTokenFile(file);
    return checkChosenToken(text ?? variable!);
  });
  return { token, tokenSource };
}

/** Reads the environment variable. An empty one counts as missing. */
function readVariable(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: TOKEN_VARIABLE });
  return state === "granted" ? Deno.env.get(TOKEN_VARIABLE) || undefined : undefined;
}
