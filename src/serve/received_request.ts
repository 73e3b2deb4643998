/** A request before its body is read. Nothing in it is decoded, resolved or joined. @module */
import { Refusal } from "./refusal.ts";

/** The first line and the headers of a request. */
export interface ReceivedRequest {
  /** The version of HTTP, such as `1.1`. */
  readonly version: string;
  readonly method: string;
  /** The target up to the first question mark. */
  readonly path: string;
  /** The target after the first question mark; empty if it has none. */
  readonly query: string;
  /** The values of every header, by its name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** The fields of a request of `node:http` that are read. */
export interface RawRequest {
  readonly httpVersion: string;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
}

/** Takes a request apart. A header that was sent twice has two values. */
export function readRequest(raw: RawRequest): ReceivedRequest {
  const headers = new Map<string, string[]>();
  for (let i = 0; i + 1 < raw.rawHeaders.length; i += 2) {
    const name = raw.rawHeaders[i]!.toLowerCase();
    headers.set(name, [...headers.get(name) ?? [], raw.rawHeaders[i + 1]!]);
  }
  const target = raw.url ?? "";
  const mark = target.indexOf("?");
  return {
    version: raw.httpVersion,
    method: raw.method ?? "",
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
    headers,
  };
}

/** Gives the value of a header. @throws {Refusal} 400 if the header was sent more than once */
export function readHeader({ headers }: ReceivedRequest, name: string): string | undefined {
  const values = headers.get(name) ?? [];
  if (values.length > 1) {
    throw new Refusal(400, `Cannot read the request: the header ${name} must come once`);
  }
  return values[0];
}
