import { assertEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
import { exportOnnx } from "../../src/interop/onnx/export_onnx.ts";
import { ONNX_EXAMPLES } from "../../src/interop/onnx/onnx_examples.ts";
import { exportTfjs } from "../../src/interop/tfjs/export_tfjs.ts";
import { TFJS_EXAMPLES } from "../../src/interop/tfjs/tfjs_examples.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { askPage, openPage, readFault } from "./example_pages.ts";
import { hasNode, withFiles } from "./example_programs.ts";
import { makeCheckpoint } from "./exported_models.ts";

/** Every page: its format, the package that it loads, the file that it loads first, and files beside it. */
const PAGES = [
  {
    ...{ format: "ONNX", examples: ONNX_EXAMPLES, path: "out/a model.onnx" },
    ...{ packageName: "onnxruntime-web", first: "a%20model.onnx" },
    library: "https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs",
    write: async (): Promise<Map<string, Uint8Array<ArrayBuffer>>> =>
      new Map([["a model.onnx", exportOnnx(await makeCheckpoint({ steps: 0 }))]]),
  },
  {
    ...{ format: "TensorFlow.js", examples: TFJS_EXAMPLES, path: "out\\a model/" },
    ...{ packageName: "@tensorflow/tfjs", first: "a%20model/model.json" },
    library: "https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0/dist/tf.fesm.min.js",
    write: async (): Promise<Map<string, Uint8Array<ArrayBuffer>>> => {
      const files = exportTfjs(await makeCheckpoint({ steps: 0 }));
      return new Map([...files].map(([name, bytes]) => [`a model/${name}`, bytes]));
    },
  },
];
const NO_FILES: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map();

for (const { format, examples, path, packageName, first, library, write } of PAGES) {
  const html = examples.browser!(path);
  const ignore = CHROMIUM === undefined || !hasNode(packageName);
  const needs = `(needs Chromium, and ${packageName})`;

  Deno.test({
    name: `the page for ${format} shows that its library cannot be loaded ${needs}`,
    ignore,
    async fn(): Promise<void> {
      await using browser = await launchBrowser();
      const page = await openPage(browser, { html, files: await write(), network: false });
      assertEquals(await readFault(page), `Cannot load ${library}`);
    },
  });

  Deno.test({
    name: `the page for ${format} shows that the model cannot be loaded ${needs}`,
    ignore,
    async fn(): Promise<void> {
      await using browser = await launchBrowser();
      const files = await write();
      for (const missing of files.keys()) {
        const others = new Map([...files].filter(([name]) => name !== missing));
        const page = await openPage(browser, { html, files: others, network: true });
        const fault = await readFault(page);
        assertEquals(fault, `Cannot load ${encodeURI(missing)}: the server answers 404`);
      }
      const page = await openPage(browser, { html, files: NO_FILES, network: true });
      assertEquals(await readFault(page), `Cannot load ${first}: the server answers 404`);
    },
  });

  Deno.test({
    name: `the page for ${format} shows that it needs a server ${needs}`,
    ignore,
    async fn(): Promise<void> {
      await using browser = await launchBrowser();
      await withFiles(new Map([["page.html", html]]), async (folder) => {
        const page = await browser.newPage();
        await page.goto(pathToFileURL(`${folder}/page.html`).href);
        assertEquals(
          await readFault(page),
          "A server must give this page and the model: a browser loads no model from a disk",
        );
      });
    },
  });

  Deno.test({
    name:
      `the page for ${format} finds the model beside it, and shows why it cannot read a question ${needs}`,
    ignore,
    async fn(): Promise<void> {
      await using browser = await launchBrowser();
      const page = await openPage(browser, { html, files: await write(), network: true });
      const [empty, unknown, answer] = await askPage(page, ["", "1*2", "1+2"]);
      assertEquals(empty, 'Cannot read "": a question must not be empty');
      assertEquals(unknown, 'Cannot read "1*2": it has a symbol that the model does not know');
      assertEquals(answer?.startsWith("Cannot"), false);
    },
  });
}
