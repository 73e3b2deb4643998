/// <reference lib="dom" />
import { assert, assertEquals, assertMatch } from "@std/assert";
import { chooseDevice } from "../../mod.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { bundle } from "./bundle.ts";
import { type ProgramResult, runProgram } from "./program.ts";

/** What a page says of the program. */
type Answered = ProgramResult | { readonly error: string };

/** Runs the program on the page's thread, or as a worker, and gives its result to whoever asks. */
const ENTRY = `
import { chooseDevice } from "../../mod.ts";
import { runProgram } from "./program.ts";
globalThis.runOn = async (backend) => {
  try {
    return await runProgram(await chooseDevice(backend));
  } catch (error) {
    return { error: error.message };
  }
};
if (typeof document === "undefined") {
  onmessage = async ({ data }) => postMessage(await runOn(data));
}`;

/** Headers with which threads may share memory. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Runs the program in a page. */
async function runInPage(
  script: string,
  { headers = {}, backend = "cpu", inWorker = true, args = [] }: {
    readonly headers?: Record<string, string>;
    readonly backend?: "cpu" | "webgpu";
    readonly inWorker?: boolean;
    readonly args?: readonly string[];
  },
): Promise<Answered> {
  const answer = ({ url }: Request): Response =>
    url.endsWith(".js")
      ? new Response(script, { headers: { ...headers, "Content-Type": "text/javascript" } })
      : new Response("<!doctype html><title>Carry</title>", {
        headers: { ...headers, "Content-Type": "text/html" },
      });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen(): void {} }, answer);
  await using browser = await launchBrowser(args);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  await page.goto(`http://127.0.0.1:${server.addr.port}/`);
  const answered = await page.evaluate(askProgram, { backend, inWorker });
  assertEquals(complaints, []);
  return answered;
}

/** Runs in the page. */
async function askProgram(
  { backend, inWorker }: { readonly backend: string; readonly inWorker: boolean },
): Promise<Answered> {
  if (!inWorker) {
    await import(new URL("/program.js", location.href).href);
    return await (Reflect.get(globalThis, "runOn") as (backend: string) => Promise<Answered>)(
      backend,
    );
  }
  const worker = new Worker("/program.js", { type: "module" });
  return await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve({ error: message });
    worker.postMessage(backend);
  });
}

function checkResult(answered: Answered): ProgramResult {
  if ("error" in answered) throw new Error(answered.error);
  assert(answered.same);
  return answered;
}

const TEST = { ignore: CHROMIUM === undefined };

Deno.test({
  name: "in a browser's worker the program computes the same on threads, also minified",
  ...TEST,
  async fn(): Promise<void> {
    const expected = await runProgram(await chooseDevice("cpu"));
    for (const how of [{}, { minify: true, keepNames: true, target: "chrome123" }]) {
      const script = await bundle(ENTRY, how);
      const { report, runningThreads, sha256, answers } = checkResult(
        await runInPage(script, { headers: ISOLATED }),
      );
      assertEquals(report.reason, "as asked");
      assertEquals(report.threads, navigator.hardwareConcurrency);
      assertEquals(runningThreads, report.threads);
      assertEquals([sha256, answers], [expected.sha256, expected.answers]);
    }
  },
});

Deno.test({
  name: "where threads may not share memory or wait, one thread computes the same, and says why",
  ...TEST,
  async fn(): Promise<void> {
    const script = await bundle(ENTRY);
    const expected = await runProgram(await chooseDevice("cpu", { threads: 1 }));
    const ways = [
      [{}, /^as asked; one thread, because the page is not cross-origin isolated/],
      [
        { headers: ISOLATED, inWorker: false },
        /^as asked; one thread, because a page's own thread must not wait/,
      ],
    ] as const;
    for (const [how, reason] of ways) {
      const { report, sha256, answers } = checkResult(await runInPage(script, how));
      assertMatch(report.reason, reason);
      assertEquals(report.threads, 1);
      assertEquals([sha256, answers], [expected.sha256, expected.answers]);
    }
  },
});
