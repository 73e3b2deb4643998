/** The secret in the printed address. @module */

/** Bytes of a token: 192 bits. */
const TOKEN_BYTES = 24;

/** Makes a token of 32 characters from the platform's generator for secrets. */
export function createToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** Whether a text can be one of these tokens. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{32}$/.test(text);
}

/**
 * Checks a token that somebody chose.
 *
 * @throws {RangeError} if it is short, or has a character that an address or a header changes
 */
export function checkChosenToken(token: string): string {
  if (/^[A-Za-z0-9._~-]{16,256}$/.test(token)) return token;
  throw new RangeError(
    'Cannot use the token: it must have 16 to 256 characters of A-Z, a-z, 0-9 and "-._~"',
  );
}
