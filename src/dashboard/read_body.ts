/** JSON from the body of a request, of a bounded size. @module */
import type { Readable } from "node:stream";
import { readHeader, type ReceivedRequest } from "./received_request.ts";
import { Refusal } from "./refusal.ts";

/** Most bytes of a body. */
export const MAX_BODY_BYTES: number = 64 * 1024;

/** Checks that a request without a body has none. @throws {Refusal} 400 if one is announced */
export function checkNoBody(request: ReceivedRequest): void {
  const length = readHeader(request, "content-length");
  if ((length === undefined || length === "0") && !request.headers.has("transfer-encoding")) return;
  throw new Refusal(400, `Cannot read the request: ${request.method} has no body`);
}

/**
 * Checks what is announced of a body before any of it is read.
 *
 * @throws {Refusal} 415 if it is not JSON, 413 if it is too large
 */
export function checkBodyHeaders(request: ReceivedRequest): void {
  const type = readHeader(request, "content-type") ?? "";
  if (
    !/^application\/json(?:; ?charset=utf-8)?$/i.test(type) ||
    request.headers.has("content-encoding")
  ) {
    throw new Refusal(415, "Cannot read the body: its Content-Type must be application/json");
  }
  const length = readHeader(request, "content-length");
  if (length !== undefined && Number(length) > MAX_BODY_BYTES) throw refuseSize();
}

/**
 * Reads a body to its end; the server that it comes from limits the time.
 *
 * @throws {Refusal} 413 as soon as it is too large, 400 if it is no JSON in UTF-8
 */
export async function readJson(body: Readable): Promise<unknown> {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const bytes = await readBounded(body);
  try {
    return JSON.parse(text.decode(bytes));
  } catch {
    throw new Refusal(400, "Cannot read the body: it must be JSON in UTF-8");
  }
}

/** The iterator leaves the connection open when a body is too large: the refusal goes over it. */
async function readBounded(body: Readable): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of body.iterator({ destroyOnReturn: false })) {
      size += part.length;
      if (size > MAX_BODY_BYTES) throw refuseSize();
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "Cannot read the body: it ended early"); // whoever sent it has gone, or was too slow
  }
  const bytes = new Uint8Array(size);
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

function refuseSize(): Refusal {
  return new Refusal(413, `Cannot read the body: it must have at most ${MAX_BODY_BYTES} bytes`);
}
