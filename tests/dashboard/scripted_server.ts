/** A server that tells the page what a test wants it to. @module */
import type { Answered, Answers, RunUpdate } from "../../src/dashboard/protocol.ts";
import type { PageAssets } from "../../src/dashboard/inline_page.ts";

/** The policy that the page has to live with. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The token that is accepted. */
export const TOKEN = "0123456789abcdef";

const TYPES: Record<keyof PageAssets, string> = {
  "index.html": "text/html; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "icon.svg": "image/svg+xml",
};

/** What is said. */
export interface Script {
  readonly files: PageAssets;
  /** Told to everybody who connects. */
  readonly greeting: readonly RunUpdate[];
  ask(question: string): Promise<Answered>;
  readonly answers: Answers;
  readonly model: Uint8Array<ArrayBuffer>;
}

/** A server of a script. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** Where the page is, with the token. */
  readonly address: string;
  /** Tells everybody who is connected. */
  tell(update: RunUpdate): void;
}

/** Serves on 127.0.0.1. @param port 0: any that is free */
export function serveScript(script: Script, port = 0): ScriptedServer {
  const listeners = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen: () => {} },
    (request) => answer(request, script, listeners),
  );
  const address = `http://127.0.0.1:${server.addr.port}/#${TOKEN}`;
  return {
    port: server.addr.port,
    address,
    tell(update): void {
      for (const listener of listeners) listener.enqueue(encodeUpdate(update));
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const listener of listeners) listener.close();
      listeners.clear();
      await server.shutdown();
    },
  };
}

async function answer(
  request: Request,
  script: Script,
  listeners: Set<ReadableStreamDefaultController<Uint8Array>>,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const name = pathname === "/" ? "index.html" : pathname.slice(1);
  if (name in TYPES) {
    const key = name as keyof PageAssets;
    const headers = { "Content-Type": TYPES[key], "Content-Security-Policy": POLICY };
    return new Response(script.files[key], { headers });
  }
  if (request.headers.get("Authorization") !== `Bearer ${TOKEN}`) {
    return Response.json({ error: "Cannot answer: the token is missing or wrong" }, {
      status: 401,
    });
  }
  switch (pathname) {
    case "/api/events":
      return openEvents(script, listeners);
    case "/api/ask":
      return await answerQuestion(request, script);
    case "/api/answers":
      return Response.json(script.answers);
    case "/api/model":
      return new Response(script.model);
    default:
      return Response.json({ error: "Not found" }, { status: 404 });
  }
}

function openEvents(
  { greeting }: Script,
  listeners: Set<ReadableStreamDefaultController<Uint8Array>>,
): Response {
  let mine: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(controller): void {
      mine = controller;
      listeners.add(controller);
      for (const update of greeting) controller.enqueue(encodeUpdate(update));
    },
    cancel: () => void listeners.delete(mine),
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}

async function answerQuestion(request: Request, { ask }: Script): Promise<Response> {
  const { question } = await request.json();
  try {
    return Response.json(await ask(question));
  } catch (error) {
    return Response.json({ error: (error as Error).message }, { status: 400 });
  }
}

function encodeUpdate(update: RunUpdate): Uint8Array {
  return new TextEncoder().encode(`event: update\ndata: ${JSON.stringify(update)}\n\n`);
}
