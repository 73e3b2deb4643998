/** Everybody who looks at a dashboard, in a process of its own: pages that read the events, or connections that say half a request. @module */

const [address, kind, count] = Deno.args;
const url = new URL(address!);
const visit = kind === "pages" ? readEvents : sayHalf;
await Promise.all(Array.from({ length: Number(count) }, () => visit()));

/** A page that keeps up. */
async function readEvents(): Promise<void> {
  const headers = { Authorization: `Bearer ${url.hash.slice(1)}` };
  const response = await fetch(new URL("/api/events", url), { headers });
  for await (const _ of response.body!);
}

/** Stays until the server has had enough. */
async function sayHalf(): Promise<void> {
  using connection = await Deno.connect({ hostname: url.hostname, port: Number(url.port) });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: "));
  await connection.read(new Uint8Array(1));
}
