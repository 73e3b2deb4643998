/** A request as the guard looks at it: nothing in it is decoded, resolved or joined. @module */
import { Refusal } from "./refusal.ts";

/** What is known of a request before its body is read. */
export interface ReceivedRequest {
  /** `1.1`, or what else the first line says. */
  readonly version: string;
  readonly method: string;
  /** Target up to the first question mark. */
  readonly path: string;
  /** Target after the first question mark; empty where there is none. */
  readonly query: string;
  /** All values of every header, by its name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** The fields of a Node request that are looked at. */
export interface RawRequest {
  readonly httpVersion: string;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

/** Takes apart what came; a header that came twice is there twice. */
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

/** Gives a header that may come once at most. @throws {Refusal} 400 if it came more often */
export function readHeader({ headers }: ReceivedRequest, name: string): string | undefined {
  const values = headers.get(name) ?? [];
  if (values.length > 1) {
    throw new Refusal(400, `Cannot read the request: the header ${name} must come once`);
  }
  return values[0];
}
