/** Viewers of a dashboard in their own process: pages that read the events, or connections that send an incomplete request. @module */

const [address, kind, count] = Deno.args;
const url = new URL(address!);
const visit = kind === "pages" ? readEvents : sendIncompleteRequest;
await Promise.all(Array.from({ length: Number(count) }, () => visit()));

/** Reads all events, as a page does. */
async function readEvents(): Promise<void> {
  const headers = { Authorization: `Bearer ${url.hash.slice(1)}` };
  const response = await fetch(new URL("/api/events", url), { headers });
  for await (const _ of response.body!);
}

/** Sends a part of a request and stays connected until the server closes the connection. */
async function sendIncompleteRequest(): Promise<void> {
  using connection = await Deno.connect({ hostname: url.hostname, port: Number(url.port) });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: "));
  await connection.read(new Uint8Array(1));
}
