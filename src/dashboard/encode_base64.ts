/** Writes bytes as base64. @module */

/** Writes bytes as base64. Many browsers do not have `toBase64` yet, and a page is also exported there. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
