/// <reference lib="dom" />
/** A run that the page itself carries. @module */
import type { EmbeddedRun } from "../protocol.ts";

/** Reads it out of the page; undefined where the page came from a server. */
export function readEmbedded(): EmbeddedRun | undefined {
  const text = document.getElementById("embedded")?.textContent;
  return text == null ? undefined : JSON.parse(text);
}

/** The bytes that base64 stands for. */
export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
