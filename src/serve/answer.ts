/** Answers to requests, and the headers that every answer has. @module */
import type { ServerResponse } from "node:http";
import type { Refusal } from "./refusal.ts";

/** An answer whose body is complete. */
export interface WholeAnswer {
  readonly status: number;
  /** Content-Type. */
  readonly type: string;
  readonly body: Uint8Array;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer whose body is written over time. */
export interface StreamAnswer {
  /** Content-Type. */
  readonly type: string;
  /** Writes the body; called when the headers are sent. */
  readonly stream: (response: ServerResponse) => void;
}

/** An answer with a complete body, or with a stream. */
export type Answer = WholeAnswer | StreamAnswer;

/**
 * Headers of every answer. Scripts, styles and connections may come from this server only. No frame may hold the page. The
 * browser must not guess types, must store nothing, and must give nothing to other origins. `Access-Control-*` is never sent.
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

/** Writes a value as JSON, with an end of line for readers in a terminal. */
export function answerJson(value: unknown, status = 200): WholeAnswer {
  const body = new TextEncoder().encode(JSON.stringify(value) + "\n");
  return { status, type: "application/json", body };
}

/** Writes a refusal as JSON. */
export function answerRefusal({ status, message, headers, fields }: Refusal): WholeAnswer {
  return { ...answerJson({ error: message, ...fields }, status), headers };
}
