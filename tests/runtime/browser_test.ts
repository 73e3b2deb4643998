/// <reference lib="dom" />
import { assert, assertEquals, assertMatch } from "@std/assert";
import { chooseDevice } from "../../mod.ts";
import { assertClose } from "../assert_close.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { bundle, ENDS_LATER } from "./bundle.ts";
import { type ProgramResult, runProgram } from "./program.ts";

/** What a page says of the program. */
type Answered = ProgramResult | { readonly error: string };

/** Runs the program on the page's thread, or as a worker, and gives its result to whoever asks. */
const ENTRY = `
import { chooseDevice } from "../../mod.ts";
import { runProgram } from "./program.ts";
globalThis.runOn = async ({ backend, epochs, threads }) => {
  try {
    const device = await chooseDevice(backend, { cell: "lstm", decoder: "repeat", threads });
    return await runProgram(device, epochs);
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
  { headers = {}, backend = "cpu", epochs = 20, threads, inWorker = true, args = [] }: {
    readonly headers?: Record<string, string>;
    readonly backend?: "cpu" | "webgpu";
    readonly epochs?: number;
    readonly threads?: number;
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
  const answered = await page.evaluate(askProgram, {
    work: { backend, epochs, threads },
    inWorker,
  });
  assertEquals(complaints, []);
  return answered;
}

/** What the program is to do. */
interface Work {
  readonly backend: string;
  readonly epochs: number;
  readonly threads: number | undefined;
}

/** Runs in the page. */
async function askProgram(
  { work, inWorker }: { readonly work: Work; readonly inWorker: boolean },
): Promise<Answered> {
  if (!inWorker) {
    await import(new URL("/program.js", location.href).href);
    return await (Reflect.get(globalThis, "runOn") as (work: Work) => Promise<Answered>)(work);
  }
  const worker = new Worker("/program.js", { type: "module" });
  return await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve({ error: message });
    worker.postMessage(work);
  });
}

function checkResult(answered: Answered): ProgramResult {
  if ("error" in answered) throw new Error(answered.error);
  assert(answered.same);
  return answered;
}

const TEST = { ignore: CHROMIUM === undefined, ...ENDS_LATER };

Deno.test({
  name: "in a browser's worker the program computes the same on threads, also minified",
  ...TEST,
  async fn(): Promise<void> {
    const expected = await runProgram(await chooseDevice("cpu"));
    for (const how of [{}, { minify: true, keepNames: true, target: "chrome123" }]) {
      const script = await bundle(ENTRY, how);
      const { report, runningThreads, sha256, answers } = checkResult(
        await runInPage(script, { headers: ISOLATED, threads: 2 }),
      );
      assertEquals(report.reason, "as asked");
      assertEquals(report.threads, Math.min(2, navigator.hardwareConcurrency));
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
      [{}, /^as asked; one thread, because .* cross-origin isolation$/],
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

Deno.test({
  name: "in a browser's worker the program computes on WebGPU, without tfjs",
  ...TEST,
  async fn(): Promise<void> {
    const epochs = 2; // a software adapter is slow
    const script = await bundle(ENTRY);
    const { report, probabilities } = checkResult(
      await runInPage(script, { backend: "webgpu", epochs, args: ["--enable-unsafe-webgpu"] }),
    );
    assertEquals(report.backend, "webgpu");
    assertMatch(report.reason, /self-test passed$/);
    const expected = await runProgram(await chooseDevice("cpu"), epochs);
    assertClose(probabilities, expected.probabilities, "probabilities");
  },
});

Deno.test({
  name: "a page whose policy forbids threads gets an error that says what it must allow",
  ...TEST,
  async fn(): Promise<void> {
    const headers = { ...ISOLATED, "Content-Security-Policy": "worker-src 'self'" };
    const answered = await runInPage(await bundle(ENTRY), { headers, threads: 2 });
    assertEquals(answered, {
      error:
        "Cannot compute: thread 1 of 2 is dead: its program was not loaded, which the page's policy must allow: worker-src blob:",
    });
  },
});
