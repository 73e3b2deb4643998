import { assert, assertEquals } from "@std/assert";
import type { KeptContent, RunStore } from "../../src/playground/engine/run_store.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { inFolder } from "../reliability/carry_process.ts";
import { bundle } from "../runtime/bundle.ts";

const PAGE = `
import { createIndexedStore } from "../../src/playground/engine/indexed_store.ts";
globalThis.makeStore = createIndexedStore;`;

/** What the page has for the test. */
interface PageGlobals {
  makeStore(): RunStore;
}

Deno.test({
  name: "a run that cannot be kept as a whole leaves the one that was kept before",
  ignore: CHROMIUM === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const script = await bundle(PAGE, { format: "iife", target: "chrome123" });
      await Deno.writeTextFile(`${folder}/page.html`, `<!doctype html><script>${script}</script>`);
      await using browser = await launchBrowser();
      const page = await browser.newPage();
      await page.goto(`file://${folder}/page.html`);
      const { errors, kept } = await page.evaluate(async () => {
        const store = (globalThis as unknown as PageGlobals).makeStore();
        const bytes = (): Uint8Array<ArrayBuffer> => new Uint8Array([1, 2, 3]);
        const makeHead = (owner: string): KeptContent["head"] => ({
          ...{ owner, name: "sums", title: "sums", step: 1, steps: 2, savedAt: 3 },
          device: { backend: "cpu" },
        });
        const gone = bytes(); // it cannot be copied, as what is too large for the memory cannot
        structuredClone(gone, { transfer: [gone.buffer] });
        const [head, log] = [makeHead("second"), "other"];
        await store.replace({
          head: makeHead("first"),
          checkpoint: bytes(),
          pairs: null,
          log: "log",
        });
        const results = await Promise.allSettled([
          store.replace({ head, checkpoint: bytes(), pairs: gone, log }),
          store.replace({ head, checkpoint: gone, pairs: null, log }),
          store.add({ head, checkpoint: gone, log, expects: "first" }),
        ]);
        await store.clear(["second"]);
        const errors = results.map((each) =>
          each.status === "rejected" ? each.reason.name : "none"
        );
        const { head: { owner }, checkpoint, pairs, log: found } = (await store.read())!;
        return { errors, kept: [owner, [...checkpoint], pairs, found] };
      });
      assertEquals(errors, ["DataCloneError", "DataCloneError", "DataCloneError"]);
      assertEquals(kept, ["first", [1, 2, 3], null, "log"]);
      const isGone = await page.evaluate(async () => {
        const store = (globalThis as unknown as PageGlobals).makeStore();
        await store.clear(["first"]);
        return await store.read() === undefined;
      });
      assert(isGone);
    }),
});
