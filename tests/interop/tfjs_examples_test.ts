import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { exportTfjs } from "../../src/interop/tfjs/export_tfjs.ts";
import { TFJS_EXAMPLES } from "../../src/interop/tfjs/tfjs_examples.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { askPage, openPage } from "./example_pages.ts";
import { hasNode, runExample } from "./example_programs.ts";
import { answerWith } from "./exported_models.ts";
import { makeAskedModels } from "./laid_out.ts";

const hasTfjs = hasNode("@tensorflow/tfjs");

/** Gives a model's files, in a folder. */
function exportTo(folder: string, checkpoint: Checkpoint): Map<string, Uint8Array<ArrayBuffer>> {
  const files = exportTfjs(checkpoint);
  return new Map(Array.from(files, ([name, bytes]) => [`${folder}/${name}`, bytes]));
}

Deno.test({
  name: "the example in Node answers as we do (needs node, and @tensorflow/tfjs)",
  ignore: !hasTfjs,
  async fn(): Promise<void> {
    const program = TFJS_EXAMPLES.node!("out/a model");
    for (const { checkpoint, questions } of await makeAskedModels()) {
      const files = exportTo("out/a model", checkpoint);
      const { lines, errors } = await runExample("node", program, { files, args: questions });
      const expected = await answerWith(checkpoint, questions);
      assertEquals(lines, expected.map(({ answer }) => answer), errors);
      assert(new Set(lines).size > 1, "the answers are all the same");
    }
  },
});

Deno.test({
  name: "the example in a browser answers as we do (needs Chromium, and @tensorflow/tfjs)",
  ignore: CHROMIUM === undefined || !hasTfjs,
  async fn(): Promise<void> {
    await using browser = await launchBrowser();
    const html = TFJS_EXAMPLES.browser!("out/a model");
    for (const { checkpoint, questions } of await makeAskedModels()) {
      const files = exportTo("a model", checkpoint);
      const page = await openPage(browser, { html, files, network: true });
      const answers = await askPage(page, questions);
      const expected = await answerWith(checkpoint, questions);
      assertEquals(answers, expected.map(({ answer }) => answer));
      const [refused] = await askPage(page, ["a b c d e f g h i"]);
      assertMatch(refused!, /^Cannot read "a b c d e f g h i": it has /);
      await page.close();
    }
  },
});
