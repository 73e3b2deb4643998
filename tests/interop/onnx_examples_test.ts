import { assert, assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { exportOnnx } from "../../src/interop/onnx/export_onnx.ts";
import { ONNX_EXAMPLES } from "../../src/interop/onnx/onnx_examples.ts";
import { createModel } from "../../src/model/create_model.ts";
import { predict } from "../../src/model/predict.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { findInPackage, hasNode, readNodePackage, runExample } from "./example_programs.ts";
import { drawQuestions, EXAMPLE_KINDS, type Kind, makeKind } from "./onnx_models.ts";
import { hasPython } from "./python.ts";

/** Where a program can run, what it needs, and whether it is there. */
const PLACES = [
  ["python", "Python with onnxruntime", hasPython("onnxruntime", "numpy")],
  ["node", "node, and onnxruntime-node", hasNode("onnxruntime-node")],
] as const;

const FILE = "a model.onnx";

/** A model of a kind, and how it answers if each symbol is the most probable one after those before it. */
interface Asked {
  readonly checkpoint: Checkpoint;
  readonly questions: readonly string[];
  readonly answers: readonly string[];
}

async function askKind(kind: Kind): Promise<Asked> {
  const checkpoint = await makeKind(kind);
  const questions = drawQuestions(kind.layout, 60);
  const device = await chooseDevice("cpu", { threads: 1 });
  const { model: config, parameters } = checkpoint;
  using model = await createModel(config, { device, parameters });
  const answers = (await predict(model, questions, { beam: 1 })).map(({ answer }) => answer);
  assert(new Set(answers).size > 5, `the answers of ${kind.name} hardly differ`);
  return { checkpoint, questions, answers };
}

/** Gives the file of a model by its name. */
function exportTo(checkpoint: Checkpoint): Map<string, Uint8Array<ArrayBuffer>> {
  return new Map([[FILE, exportOnnx(checkpoint)]]);
}

for (const [language, needs, isThere] of PLACES) {
  const program = ONNX_EXAMPLES[language]!(FILE);

  Deno.test({
    name: `the example for ONNX in ${language} answers as we do (needs ${needs})`,
    ignore: !isThere,
    async fn(): Promise<void> {
      for (const kind of EXAMPLE_KINDS) {
        const { checkpoint, questions, answers } = await askKind(kind);
        const files = exportTo(checkpoint);
        const { lines, errors } = await runExample(language, program, { files, args: questions });
        assertEquals(lines, answers, `${kind.name}: ${errors}`);
      }
    },
  });

  Deno.test({
    name:
      `the example for ONNX in ${language} refuses what it cannot read with a sentence (needs ${needs})`,
    ignore: !isThere,
    async fn(): Promise<void> {
      const [sums] = EXAMPLE_KINDS;
      for (const [sentence, layout, args] of listRefused(sums!.layout)) {
        const files = exportTo(await makeKind({ ...sums!, layout }));
        const { success, lines, errors } = await runExample(language, program, { files, args });
        assertEquals([success, lines], [false, []]);
        assert(errors.includes(sentence), errors);
      }
    },
  });
}

/** Lists sentences that the programs must say, each with a layout and questions. */
function listRefused(
  layout: Kind["layout"],
): (readonly [string, Kind["layout"], readonly string[]])[] {
  const { source, target } = layout;
  const featured = { source: { ...source, symbols: [...source.symbols, "\tPLURAL"] }, target };
  const edited = { source, target: { ...target, symbols: [...target.symbols, "\uFDD0"] } };
  return [
    ["reads no features of questions", featured, ["1+2"]],
    ["answers with edits of the question", edited, ["1+2"]],
    ["it has a symbol that the model does not know", layout, ["1-2"]],
    ["it has 9 symbols, the model reads 7", layout, ["1+2", "123456789"]],
    ["Give at least one question", layout, []],
  ];
}

/** The package of the page, and where the page finds it. */
const WEB = "onnxruntime-web";
const ADDRESS = "https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/";

Deno.test({
  name: "the example for ONNX in a browser answers as we do (needs Chromium, and onnxruntime-web)",
  ignore: CHROMIUM === undefined || !hasNode(WEB),
  async fn(): Promise<void> {
    const { version } = JSON.parse(await readNodePackage(WEB, "package.json"));
    assert(ADDRESS.includes(`@${version}/`), `the page loads another release than ${version}`);
    await using browser = await launchBrowser();
    for (const kind of EXAMPLE_KINDS.filter(({ name }) => name === "sums" || name === "tokens")) {
      const { checkpoint, questions, answers } = await askKind(kind);
      const page = await browser.newPage();
      await serveFiles(page, exportTo(checkpoint));
      await page.goto(PAGE);
      assertEquals(await askPage(page, questions.slice(0, 20)), answers.slice(0, 20), kind.name);
      const [refused] = await askPage(page, ["x x x x x x x x"]);
      assertMatch(refused!, /^Cannot read "x x x x x x x x": it has/);
      await page.close();
    }
  },
});

const PAGE = "http://model.test/";

/** Gives a page itself, files beside it, and the package's in place of those of the content delivery network. */
async function serveFiles(
  page: Page,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<void> {
  await page.route("**", (route) => {
    const url = route.request().url();
    if (url === PAGE) {
      return route.fulfill({ contentType: "text/html", body: ONNX_EXAMPLES.browser!(FILE) });
    }
    if (url.startsWith(ADDRESS)) {
      const path = findInPackage(WEB, `dist/${url.slice(ADDRESS.length)}`);
      return route.fulfill({ path, headers: { "access-control-allow-origin": "*" } });
    }
    const bytes = files.get(decodeURIComponent(url.replace(PAGE, "")));
    return bytes === undefined ? route.abort() : route.fulfill({ body: Buffer.from(bytes) });
  });
}

/** Types questions into the page. @returns what it shows */
async function askPage(page: Page, questions: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  const output = page.locator("#answer");
  await page.locator("#ask:enabled").waitFor();
  for (const question of questions) {
    await output.evaluate((element) => element.textContent = "waiting");
    await page.locator("#question").fill(question);
    await page.locator("#ask").click();
    await page.locator("#answer").filter({ hasNotText: "waiting" }).waitFor({ state: "attached" });
    answers.push(await output.textContent() ?? "");
  }
  return answers;
}
