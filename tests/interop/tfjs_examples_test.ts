import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { exportTfjs } from "../../src/interop/tfjs/export_tfjs.ts";
import { TFJS_EXAMPLES } from "../../src/interop/tfjs/tfjs_examples.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { canUseNetwork } from "../permissions.ts";
import { hasNode, readNodePackage, runExample } from "./example_programs.ts";
import { answerWith, makeCheckpoint } from "./exported_models.ts";
import { makeAskedModels } from "./laid_out.ts";

const FOLDER = "a model";
const hasTfjs = hasNode("@tensorflow/tfjs");

/** Gives a model's files, in the folder. */
function exportTo(checkpoint: Checkpoint): Map<string, Uint8Array<ArrayBuffer>> {
  return new Map(
    Array.from(exportTfjs(checkpoint), ([name, bytes]) => [`${FOLDER}/${name}`, bytes]),
  );
}

Deno.test({
  name: "the example in Node answers as we do (needs node, and @tensorflow/tfjs)",
  ignore: !hasTfjs,
  async fn(): Promise<void> {
    const program = TFJS_EXAMPLES.node!(FOLDER);
    for (const { checkpoint, questions } of await makeAskedModels()) {
      const files = exportTo(checkpoint);
      const { lines, errors } = await runExample("node", program, { files, args: questions });
      const expected = await answerWith(checkpoint, questions);
      assertEquals(lines, expected.map(({ answer }) => answer), errors);
      assert(new Set(lines).size > 1, "the answers are all the same");
    }
  },
});

Deno.test({
  name:
    "the example in Node refuses a question that it cannot read (needs node, and @tensorflow/tfjs)",
  ignore: !hasTfjs,
  async fn(): Promise<void> {
    const files = exportTo(await makeCheckpoint({ steps: 0 }));
    const program = TFJS_EXAMPLES.node!(FOLDER);
    const { success, lines, errors } = await runExample("node", program, { files, args: ["a"] });
    assertEquals([success, lines], [false, []]);
    assert(
      errors.includes('Cannot read "a": it has a symbol that the model does not know'),
      errors,
    );
  },
});

Deno.test({
  name: "the example in a browser answers as we do (needs Chromium, and @tensorflow/tfjs)",
  ignore: CHROMIUM === undefined || !canUseNetwork || !hasTfjs,
  async fn(): Promise<void> {
    const library = await readNodePackage("@tensorflow/tfjs", "dist/tf.min.js");
    await using browser = await launchBrowser();
    for (const { checkpoint, questions } of await makeAskedModels()) {
      const page = await browser.newPage();
      await page.route("https://cdn.jsdelivr.net/**", (route) => {
        assertEquals(new URL(route.request().url()).pathname, LIBRARY);
        return route.fulfill({ body: library, contentType: "text/javascript" });
      });
      await using server = servePage(exportTo(checkpoint));
      await page.goto(server.url);
      const answers = await ask(page, questions);
      const expected = await answerWith(checkpoint, questions);
      assertEquals(answers, expected.map(({ answer }) => answer));
      const [refused] = await ask(page, ["a b c d e f g h i"]);
      assertMatch(refused!, /^Cannot read "a b c d e f g h i": it has /);
      await page.close();
    }
  },
});

/** Where the page finds TensorFlow.js: the file of the same package and release. */
const LIBRARY = "/npm/@tensorflow/tfjs@4.22.0/dist/tf.min.js";

/** Serves the example as a page, beside files. */
function servePage(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): AsyncDisposable & { readonly url: string } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }): Response => {
      const path = decodeURIComponent(new URL(url).pathname.slice(1));
      if (path === "") {
        const headers = { "content-type": "text/html; charset=utf-8" };
        return new Response(TFJS_EXAMPLES.browser!(FOLDER), { headers });
      }
      const bytes = files.get(path);
      return new Response(bytes ?? null, { status: bytes === undefined ? 404 : 200 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Types questions into the page. @returns what it shows */
async function ask(page: Page, questions: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  await page.locator("#ask:enabled").waitFor();
  for (const question of questions) {
    await page.locator("#question").fill(question);
    await page.locator("#ask").click();
    answers.push(await page.locator("#answer").textContent() ?? "");
  }
  return answers;
}
