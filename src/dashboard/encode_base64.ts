/** Writes bytes as base64. @module */

/** Bytes that are converted at a time: a call takes only so many arguments. */
const CHUNK_BYTES = 2 ** 15;

/** Writes bytes as base64. Many browsers do not have `toBase64` yet, and a page is also exported there. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return btoa(text);
}
