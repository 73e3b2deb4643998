/** Options of the commands that serve. @module */
import { checkChosenToken } from "../dashboard/token.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** Where to listen. */
export const PORT_OPTION: OptionSpec = {
  name: "port",
  value: "P",
  help: "port on 127.0.0.1, 0 for any (default: the first free one from 4750 to 4770)",
};

/** What opens it. */
export const TOKEN_OPTION: OptionSpec = {
  name: "token",
  value: "TEXT",
  help: 'token that requests must have: 16 to 256 letters, digits, "-", ".", "_", "~"',
};

/** Reads `--port` and `--token`. @throws {UsageError} if either cannot be one */
export function readServerOptions(
  typed: TypedOptions,
): { readonly port?: number; readonly token?: string } {
  const port = typed.number("port");
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new UsageError(
      `Cannot read --port: it must be an integer from 0 to 65535, but is ${port}`,
    );
  }
  const token = typed.text("token");
  if (token !== undefined) checkTyped(() => checkChosenToken(token));
  return { ...(port !== undefined && { port }), ...(token !== undefined && { token }) };
}
