/// <reference lib="dom" />
/** Requests to the server of the page. @module */
import type { Answered, Answers } from "../protocol.ts";

/** The server has refused a request. */
export class RefusedError extends Error {
  /** The status of the answer. */
  readonly status: number;

  /** @param message the sentence of the server */
  constructor(status: number, message: string) {
    super(message);
    this.name = "RefusedError";
    this.status = status;
  }
}

/** The requests. Each call rejects with the sentence of the server, or says that the server cannot be reached. */
export interface ServerClient {
  /** Opens the stream of events. */
  openEvents(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  ask(run: number, question: string): Promise<Answered>;
  answers(run: number): Promise<Answers>;
  model(run: number): Promise<Uint8Array>;
}

/** Makes a client. @param readToken gives the token, at every request */
export function createServerClient(readToken: () => string): ServerClient {
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    const headers = { ...init.headers, Authorization: `Bearer ${readToken()}` };
    try {
      response = await fetch(path, { ...init, headers, cache: "no-store" });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Error("Cannot reach the server: it may have stopped");
    }
    if (!response.ok) throw new RefusedError(response.status, await readError(response));
    return response;
  }
  return {
    async openEvents(signal): Promise<ReadableStream<Uint8Array>> {
      const { body } = await request("/api/events", { signal });
      if (body === null) throw new Error("Cannot read the events: the answer has no body");
      return body;
    },
    async ask(run, question): Promise<Answered> {
      const response = await request("/api/ask", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ run, question }),
      });
      return await response.json();
    },
    async answers(run): Promise<Answers> {
      return await (await request(`/api/answers?run=${run}`)).json();
    },
    async model(run): Promise<Uint8Array> {
      return new Uint8Array(await (await request(`/api/model?run=${run}`)).arrayBuffer());
    },
  };
}

async function readError(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    if (typeof error === "string") return error;
  } catch { /* not JSON: the status is all that is known */ }
  return `The server answered ${response.status} ${response.statusText}`.trimEnd();
}
