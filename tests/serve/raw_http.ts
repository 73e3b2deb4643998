/** Sends bytes over TCP that no HTTP client would send. @module */

/** The answer until it was complete or the server closed the connection. */
export interface RawAnswer {
  /** Status; 0 if the connection was closed without an answer. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** The whole text. */
  readonly text: string;
}

/** Bytes to send, one after the other. */
export type RawRequest = string | Uint8Array | Iterable<string | Uint8Array>;

/** Sends bytes as far as the server takes them, and reads its answer. */
export async function exchange(port: number, request: RawRequest): Promise<RawAnswer> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const sent = sendParts(connection, request);
  const text = await readAnswer(connection);
  try {
    connection.close(); // ends what is still being sent
  } catch { /* it is closed already */ }
  await sent;
  return parseAnswer(text);
}

/** The head of a request with the right host; further lines may follow. */
export function writeHead(port: number, line: string, ...headers: string[]): string {
  return [`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, "", ""].join("\r\n");
}

async function sendParts(connection: Deno.Conn, request: RawRequest): Promise<void> {
  const single = typeof request === "string" || request instanceof Uint8Array;
  try {
    for (const part of single ? [request] : request) {
      let bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
      while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
    }
  } catch { /* the server has closed the connection */ }
}

async function readAnswer(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder("latin1");
  const buffer = new Uint8Array(1 << 16);
  let text = "";
  try {
    for (;;) {
      const length = await connection.read(buffer);
      if (length === null) return text;
      text += decoder.decode(buffer.subarray(0, length));
      const { headers, body } = parseAnswer(text);
      const announced = headers.get("content-length");
      if (announced !== null && body.length >= Number(announced)) return text;
    }
  } catch {
    return text; // a reset
  }
}

function parseAnswer(received: string): RawAnswer {
  const text = received.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, "");
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, Math.max(end, 0)).split("\r\n");
  const headers = new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  const body = end < 0 ? "" : text.slice(end + 4);
  return { status: Number(first.split(" ")[1] ?? 0), headers, body, text };
}
