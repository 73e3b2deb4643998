/** Everybody who looks at a dashboard, in a process of its own: pages that read the events, or connections that say half a request. @module */

const [address, kind, count] = Deno.args;
const url = new URL(address!);

if (kind === "pages") {
  const headers = { Authorization: `Bearer ${url.hash.slice(1)}` };
  await Promise.all(
    Array.from({ length: Number(count) }, async () => {
      const response = await fetch(new URL("/api/events", url), { headers });
      for await (const _ of response.body!) { /* a page that keeps up */ }
    }),
  );
} else {
  const half = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: ");
  const open = async (): Promise<void> => {
    for (;;) {
      const connection = await Deno.connect({ hostname: url.hostname, port: Number(url.port) });
      await connection.write(half);
      await connection.read(new Uint8Array(1)); // until the server has had enough of it
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: Number(count) }, () => open()));
}
