/** Reads the body of a request as JSON, up to a size. @module */
import type { Readable } from "node:stream";
import { parseStrictJson } from "../arguments/strict_json.ts";
import { readHeader, type ReceivedRequest } from "./received_request.ts";
import { Refusal } from "./refusal.ts";

/** Most bytes in a body. */
export const MAX_BODY_BYTES: number = 64 * 1024;

/** Checks that a GET or HEAD request has no body. @throws {Refusal} 400 if its headers announce one */
export function checkNoBody(request: ReceivedRequest): void {
  const length = readHeader(request, "content-length");
  if ((length === undefined || length === "0") && !request.headers.has("transfer-encoding")) return;
  throw new Refusal(400, `Cannot read the request: ${request.method} must have no body`);
}

/**
 * Checks the headers of a request before its body is read.
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
 * Reads a body to its end. The server limits the time.
 *
 * @throws {Refusal} 413 as soon as it is too large, 400 if it is not JSON in UTF-8 or has a key twice
 */
export async function readJson(body: Readable): Promise<unknown> {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const bytes = await readBounded(body);
  try {
    return parseStrictJson(text.decode(bytes));
  } catch {
    throw new Refusal(
      400,
      "Cannot read the body: it must be JSON in UTF-8, with every key once in an object",
    );
  }
}

/** If the body is too large, the connection stays open, for the refusal. */
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
    throw new Refusal(400, "Cannot read the body: it ended early"); // the client has disconnected, or was too slow
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
  return new Refusal(
    413,
    `Cannot read the body: it must have at most ${MAX_BODY_BYTES} bytes, but has more`,
  );
}
