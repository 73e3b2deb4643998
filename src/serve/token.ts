/** The token in the printed address. A client that has it may use the server. @module */

/** Bytes of a token: 192 bits. */
const TOKEN_BYTES = 24;

/** Makes a token of 32 characters from the platform's generator for secrets. */
export function createToken(): string {
  return writeBytes(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
}

/**
 * Derives a token of 32 characters from a secret and a place. The same two give the same token; another place gives another
 * token. The secret cannot be found from the token.
 */
export async function deriveToken(secret: string, place: string): Promise<string> {
  const text = new TextEncoder().encode(`carry ${secret} ${place}`);
  return writeBytes(new Uint8Array(await crypto.subtle.digest("SHA-256", text), 0, TOKEN_BYTES));
}

/** Says whether a text has the form of these tokens. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{32}$/.test(text);
}

function writeBytes(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url" });
}

/** Says whether a text can be a token that was made or chosen by a user. */
export function canBeToken(text: string): boolean {
  return /^[A-Za-z0-9._~-]{16,256}$/.test(text);
}

/**
 * Checks a token that a user chose.
 *
 * @throws {RangeError} if it is too short or too long, or has a character that an address or a header changes
 */
export function checkChosenToken(token: string): string {
  if (canBeToken(token)) return token;
  throw new RangeError(
    'Cannot use the token: it must have 16 to 256 characters of A-Z, a-z, 0-9 and "-._~"',
  );
}
