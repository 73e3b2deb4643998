import { assert, assertEquals, assertMatch } from "@std/assert";
import { startPlaygroundServer } from "../../src/playground/playground_server.ts";
import { writePlayground } from "../../src/playground/write_playground.ts";
import { inFolder, kill, runCarry } from "../reliability/carry_process.ts";
import { canRun, canUseNetwork } from "../permissions.ts";

Deno.test({
  name: "the playground is served as one page, isolated, with a policy that lets nothing out",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    const errors: unknown[] = [];
    await using server = await startPlaygroundServer({
      port: 0,
      reportError: (error) => errors.push(error),
    });
    const response = await fetch(server.url);
    const { status, headers } = response;
    assertEquals([status, await response.text()], [200, await writePlayground()]);
    const isolation = ["opener", "embedder", "resource"].map((kind) =>
      headers.get(`cross-origin-${kind}-policy`)
    );
    assertEquals(isolation, ["same-origin", "require-corp", "same-origin"]);
    const policy = headers.get("content-security-policy")!.split("; ");
    assertEquals(policy.filter((rule) => !/^(script|style)-src/.test(rule)), [
      "default-src 'none'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "worker-src blob:",
      "connect-src 'none'",
      "frame-ancestors 'none'",
    ]);
    assertMatch(policy.join(), /script-src 'sha256-[^']+' 'wasm-unsafe-eval',/);
    for (const path of ["page.js", "api/events", "..%2fmod.ts"]) {
      const other = await fetch(server.url + path);
      await other.body?.cancel();
      assertEquals(other.status, 401, path);
    }
    assertEquals(errors, []);
  },
});

Deno.test("the playground is one file below 600 kB that names no tfjs and no other machine", async () => {
  const page = await writePlayground();
  assert(page.length < 600_000, `${page.length} bytes`);
  assert(!/tensorflow[^"'`]*\.(wasm|js)"|https?:\/\/(?!www\.w3\.org|www\.apache\.org)/.test(page));
  const markup = page.replaceAll(/<(script|style)\b[^>]*>[^]*?<\/\1>/g, "");
  assertEquals([...markup.matchAll(/\b(?:src|href)="(?!#|data:)[^"]*"/g)].map(String), []);
});

Deno.test({
  name: "the command playground prints its address; export --to playground writes the same page",
  ignore: !canRun || !canUseNetwork,
  fn: () =>
    inFolder(async (folder) => {
      const file = `${folder}/playground.html`;
      const written = await runCarry(["export", "--to=playground", file], {
        permissions: [`--allow-read=${folder}`, `--allow-write=${folder}`],
      });
      assertEquals([written.code, written.lines], [0, [file]], written.stderr);
      let served: Promise<string> | undefined;
      const { code, lines } = await runCarry(["playground", "--port=0"], {
        permissions: ["--allow-net=127.0.0.1"],
        onLine(line, child): void {
          served = fetch(line).then((response) => response.text())
            .finally(() => kill(child, "SIGINT"));
        },
      });
      assertEquals(code, 130);
      assertMatch(lines.join(), /^http:\/\/127\.0\.0\.1:\d+\/$/);
      assertEquals(await served, await Deno.readTextFile(file));
    }),
});
