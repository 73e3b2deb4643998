/// <reference lib="dom" />
/** The run that an exported page holds. @module */
import type { EmbeddedRun } from "../protocol.ts";

/** Reads the run in the page; undefined if the page comes from a server. */
export function readEmbedded(): EmbeddedRun | undefined {
  const text = document.getElementById("embedded")?.textContent;
  return text == null ? undefined : JSON.parse(text);
}

/** Decodes base64. */
export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
