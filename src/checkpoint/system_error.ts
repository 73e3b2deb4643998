/** Explains errors of the operating system. @module */

/** Names of the error numbers that Deno gives no name. */
const UNNAMED: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  linux: { 37: "ENOLCK", 38: "ENOSYS" },
  darwin: { 45: "ENOTSUP", 77: "ENOLCK", 78: "ENOSYS", 102: "ENOTSUP" },
};

/** Gives the name of an error of the operating system, such as `EIO`; undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  const number = /\(os error (\d+)\)/.exec(error.message)?.[1];
  return number === undefined ? undefined : UNNAMED[Deno.build.os]?.[Number(number)];
}

/** Gives the path in an error of the operating system; undefined if it has none. */
export function systemErrorPath(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /\(os error \d+\): \w+ '(.*?)'(?: -> '|$)/s.exec(error.message)?.[1];
}

/**
 * Gives the reason of an error without the number and the call: of
 * `Permission denied (os error 13): mkdir './checkpoints'` it keeps `permission denied`.
 */
export function describeSystemError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const reason = /^(.*?) \(os error \d+\)/s.exec(message)?.[1];
  if (reason === undefined) return message;
  return reason[0]!.toLowerCase() + reason.slice(1);
}
