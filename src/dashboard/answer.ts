/** What is sent back, and the headers that go with all of it. @module */
import type { ServerResponse } from "node:http";
import type { Refusal } from "./refusal.ts";

/** An answer that is all there. */
export interface WholeAnswer {
  readonly status: number;
  /** Content-Type. */
  readonly type: string;
  readonly body: Uint8Array;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that goes on. */
export interface StreamAnswer {
  /** Content-Type. */
  readonly type: string;
  /** Takes over when the headers are sent. */
  readonly stream: (response: ServerResponse) => void;
}

/** Either. */
export type Answer = WholeAnswer | StreamAnswer;

/**
 * Headers of every answer: scripts, styles and connections from this server alone, no frame around the page, nothing
 * guessed from contents, nothing kept by the browser, nothing for other origins. `Access-Control-*` is never among them.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/** An object as JSON, with an end of line for those who read it in a terminal. */
export function answerJson(value: unknown, status = 200): WholeAnswer {
  const body = new TextEncoder().encode(JSON.stringify(value) + "\n");
  return { status, type: "application/json", body };
}

/** A refusal as JSON. */
export function answerRefusal({ status, message, headers, fields }: Refusal): WholeAnswer {
  return { ...answerJson({ error: message, ...fields }, status), headers };
}
