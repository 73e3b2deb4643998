/// <reference lib="dom" />
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type { Engine, PlaygroundOptions, PlaygroundTask } from "../../src/playground/engine.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { inFolder } from "../reliability/carry_process.ts";
import { bundle } from "../runtime/bundle.ts";
import { isIn, LONG, playEngine, readSaved, sameIn, SMALL, SUMS } from "./played.ts";

const WORKER = `
import { createEngine } from "../../src/playground/engine/create_engine.ts";
import { serveEngine } from "../../src/playground/engine_calls.ts";
serveEngine(
  createEngine({ date: () => performance.timeOrigin + performance.now() }),
  globalThis,
);`;

const PAGE = `
import { reachEngine } from "../../src/playground/engine_calls.ts";
const text = document.getElementById("worker").textContent;
const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
globalThis.notes = [];
globalThis.states = [];
const { call, listen } = reachEngine(new Worker(url));
globalThis.engine = new Proxy({}, { get: (_, method) => (...args) => call(method, args) });
globalThis.ready = listen({
  update: ({ status }) => void states.push(status.state),
  note: (text) => void notes.push(text),
});`;

/** What the page has for the test. */
interface PageGlobals {
  readonly engine: Engine;
  readonly ready: Promise<void>;
  readonly notes: readonly string[];
  readonly states: readonly string[];
}

/** Makes a page whose worker is the engine. It works from disk. */
async function renderTestPage(): Promise<string> {
  const format = { format: "iife", minify: true, target: "chrome123" } as const;
  const worker = await bundle(WORKER, format);
  const page = await bundle(PAGE, format);
  const inline = (text: string): string =>
    text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  return `<!doctype html><title>Carry</title><script type="text/plain" id="worker">${
    inline(worker)
  }</script><script>${inline(page)}</script>`;
}

/** Starts a training, and pauses it after some steps. */
async function startAndPause(
  page: Page,
  given: { readonly task: PlaygroundTask; readonly options: PlaygroundOptions },
): Promise<string> {
  return await page.evaluate(async ({ task, options }) => {
    const { engine, ready } = globalThis as unknown as PageGlobals; // the script of the page made them
    await ready;
    const { reason } = await engine.start(task, options);
    await engine.pause();
    return reason;
  }, given);
}

/** Opens what the browser keeps, goes on to the end, and gives the checkpoint. */
async function goOnToEnd(page: Page): Promise<readonly number[]> {
  return await page.evaluate(async () => {
    const { engine, ready, states } = globalThis as unknown as PageGlobals;
    await ready;
    await engine.openKept();
    await engine.goOn();
    while (states.at(-1) !== "ended") await new Promise((resolve) => setTimeout(resolve, 50));
    return [...(await engine.saveCheckpoint()).bytes];
  });
}

/** Goes on with what the browser keeps and pauses, and gives the notes. */
async function goOnAndPause(page: Page): Promise<readonly string[]> {
  return await page.evaluate(async () => {
    const { engine, ready, notes } = globalThis as unknown as PageGlobals;
    await ready;
    if (await engine.findKept() === null) throw new Error("nothing is kept");
    await engine.goOn().catch(() => engine.openKept().then(() => engine.goOn()));
    await engine.pause();
    return notes;
  });
}

const TEST = { ignore: CHROMIUM === undefined };

/** Headers with which threads may share memory. */
const ISOLATED = {
  "Content-Type": "text/html",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Opens the page from disk or from a server, and does something with its address. */
async function withAddress(
  from: "disk" | "server",
  work: (address: string) => Promise<void>,
): Promise<void> {
  const html = await renderTestPage();
  if (from === "disk") {
    await inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/page.html`, html);
      await work(`file://${folder}/page.html`);
    });
    return;
  }
  const answer = (): Response => new Response(html, { headers: ISOLATED });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen(): void {} }, answer);
  await work(`http://127.0.0.1:${server.addr.port}/`);
}

for (const from of ["disk", "server"] as const) {
  Deno.test({
    name: `a page from ${
      from === "disk" ? "disk" : "a server"
    } that is reloaded in the middle learns what the command line learns, bit for bit`,
    ...TEST,
    fn: () =>
      withAddress(from, async (address) => {
        await using browser = await launchBrowser();
        const page = await browser.newPage();
        await page.goto(address);
        const reason = await startAndPause(page, { task: SUMS, options: SMALL });
        assertEquals(reason.includes("one thread"), from === "disk");
        await page.reload();
        const saved = await decodeCheckpoint(new Uint8Array(await goOnToEnd(page)));
        await using here = await playEngine();
        await here.engine.start(SUMS, SMALL);
        await here.until(isIn("ended"));
        assertEquals(sameIn(saved), sameIn(await readSaved(here.engine)));
      }),
  });
}

Deno.test({
  name: "on WebGPU a page answers while it trains, pauses, and goes on after a reload",
  ...TEST,
  fn: () =>
    withAddress("server", async (address) => {
      await using browser = await launchBrowser(["--enable-unsafe-webgpu"]);
      const page = await browser.newPage();
      await page.goto(address);
      const options: PlaygroundOptions = { ...SMALL, backend: "webgpu" };
      const given = { task: SUMS, options: { ...options, training: { epochs: 1000 } } };
      const steps = await page.evaluate(async ({ task, options }) => {
        const { engine, ready } = globalThis as unknown as PageGlobals;
        await ready;
        await engine.start(task, options);
        const answered = [await engine.ask("1+1"), await engine.ask("12+34")];
        await engine.pause();
        return answered.map(({ step }) => step);
      }, given);
      assert(steps.every((step) => step > 0), String(steps));
      await page.reload();
      assertEquals(await goOnAndPause(page), []);
    }),
});

Deno.test({
  name:
    "of two pages of one browser the second one's run is kept, and the first one says that its is not",
  ...TEST,
  fn: () =>
    withAddress("disk", async (address) => {
      await using browser = await launchBrowser();
      const context = await browser.newContext();
      const [first, second] = [await context.newPage(), await context.newPage()];
      await first.goto(address);
      await startAndPause(first, { task: SUMS, options: LONG });
      await second.goto(address);
      assertEquals(await goOnAndPause(second), []);
      await goOnAndPause(first);
      await first.waitForFunction(() => { // a note does not come on the way of the answer
        const { notes } = globalThis as unknown as PageGlobals;
        return notes.some((note) => note.startsWith("Another page has replaced or continued"));
      });
      const forgetAndLook = (): Promise<boolean> => {
        const { engine } = globalThis as unknown as PageGlobals;
        return engine.forgetKept().then(() => engine.findKept()).then((kept) => kept !== null);
      };
      assert(await first.evaluate(forgetAndLook), "a page has forgotten another one's run");
      assert(!await second.evaluate(forgetAndLook));
    }),
});
