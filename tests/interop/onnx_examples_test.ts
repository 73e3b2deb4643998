import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { exportOnnx } from "../../src/interop/onnx/export_onnx.ts";
import { ONNX_EXAMPLES } from "../../src/interop/onnx/onnx_examples.ts";
import { createModel } from "../../src/model/create_model.ts";
import { predict } from "../../src/model/predict.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { askPage, openPage } from "./example_pages.ts";
import { hasNode, runExample } from "./example_programs.ts";
import { drawQuestions, EXAMPLE_KINDS, type Kind, makeKind } from "./onnx_models.ts";
import { hasPython } from "./python.ts";

/** Where a program can run, what it needs, and whether it is there. */
const PLACES = [
  ["python", "Python with onnxruntime", hasPython("onnxruntime", "numpy")],
  ["node", "node, and onnxruntime-node", hasNode("onnxruntime-node")],
] as const;

const FILE = "out/a model.onnx";

/** A model of a kind, and how it answers if each symbol is the most probable one after those before it. */
interface Asked {
  readonly checkpoint: Checkpoint;
  readonly questions: readonly string[];
  readonly answers: readonly string[];
}

async function askKind(kind: Kind): Promise<Asked> {
  const checkpoint = await makeKind(kind);
  const { source: { padding } } = kind.layout;
  const questions = drawQuestions(kind.layout, 60)
    .filter((each) => each.replaceAll(padding ?? "", "") !== ""); // the programs refuse empty ones
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
  ];
}

Deno.test({
  name: "the example for ONNX in a browser answers as we do (needs Chromium, and onnxruntime-web)",
  ignore: CHROMIUM === undefined || !hasNode("onnxruntime-web"),
  async fn(): Promise<void> {
    await using browser = await launchBrowser();
    const html = ONNX_EXAMPLES.browser!(FILE);
    for (const kind of EXAMPLE_KINDS.filter(({ name }) => name === "sums" || name === "tokens")) {
      const { checkpoint, questions, answers } = await askKind(kind);
      const files = new Map([["a model.onnx", exportOnnx(checkpoint)]]);
      const page = await openPage(browser, { html, files, network: true });
      assertEquals(await askPage(page, questions.slice(0, 20)), answers.slice(0, 20), kind.name);
      const [refused] = await askPage(page, ["x x x x x x x x"]);
      assertMatch(refused!, /^Cannot read "x x x x x x x x": it has/);
      await page.close();
    }
  },
});
