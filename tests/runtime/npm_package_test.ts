import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "../module_graph.ts";
import { canRun } from "../permissions.ts";
import { ENDS_LATER } from "./bundle.ts";
import { findNode, runInNode } from "./node.ts";
import { layOutPackage, listPublished } from "./npm_package.ts";

/** Uses every module of the library but the command line. */
const PROGRAM = `
import { fit, loadEnsemble, loadModel, predict } from "@carry/seq2seq";
import { generateAddition } from "@carry/seq2seq/addition";
import { encodeCheckpoint, openRun, takeCheckpoint } from "@carry/seq2seq/checkpoint";
import { exportSafetensors } from "@carry/seq2seq/interop";
import { readParameters } from "@carry/seq2seq/parts";
import { drawCurves } from "@carry/seq2seq/plot";

const pairs = [...generateAddition({ digits: 1, examples: 50, seed: 1 })];
const fitted = await fit(pairs, { hiddenSize: 8, epochs: 3 });
const checkpoint = await takeCheckpoint(fitted.training, fitted.problem);
const bytes = await encodeCheckpoint(checkpoint);
const loaded = await loadModel(bytes);
const [[before], [after]] = [await predict(fitted.model, ["1+2"]), await predict(loaded, ["1+2"])];
console.log(JSON.stringify({
  same: before.answer === after.answer && before.probability === after.probability,
  epochs: fitted.history.length,
  parameters: (await readParameters(loaded)).length,
  exported: exportSafetensors(checkpoint).length > 1000,
  svg: drawCurves([{ name: "run", history: fitted.history }]).slice(0, 5),
  refused: await Promise.all([
    loadModel("checkpoints/run-1"),
    loadModel("model.safetensors"),
    loadEnsemble("checkpoints/run-1"),
    openRun("checkpoints/run-1"),
  ].map((given) => given.catch((error) => error.message))),
}));`;

for (
  const { major, target } of [
    { major: 20, target: "node20" },
    { major: 22, target: "node22" },
    { major: 24, target: "esnext" },
  ]
) {
  const node = await findNode(major);
  Deno.test({
    name: `Node ${major} imports the package as npm would get it, with the syntax of ${target}`,
    ignore: node === undefined,
    ...ENDS_LATER,
    async fn(): Promise<void> {
      const folder = await Deno.makeTempDir({ prefix: "carry-" });
      try {
        await layOutPackage(folder, target);
        await Deno.writeTextFile(`${folder}/program.mjs`, PROGRAM);
        const { same, epochs, parameters, exported, svg, refused } = await runInNode(
          node!,
          `${folder}/program.mjs`,
        ) as Record<string, unknown>;
        assertEquals([same, epochs, exported, svg], [true, 3, true, "<svg "]);
        assert(parameters as number >= 5);
        const rest =
          "Carry reads and writes files in Deno alone; elsewhere encodeCheckpoint() gives the bytes of a checkpoint, and loadModel() takes them";
        assertEquals(
          refused,
          ["read a run", "read a checkpoint", "load an ensemble", "open a run"]
            .map((action) => `Cannot ${action}: ${rest}`),
        );
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test({
  name: "what would be published is the sources, their licences and the README, and no test",
  ignore: !canRun,
  async fn(): Promise<void> {
    const published = await listPublished();
    const rest = published.filter((path) =>
      path !== ".git" && !/^src\/[\w/]+\.(ts|as|html|css|svg|txt|md)$/.test(path)
    );
    const { exports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
    const entries = Object.values<string>(exports).map((path) => path.slice(2));
    assertEquals(
      rest.sort(),
      ["LICENSE", "README.md", "deno.json", "deno.lock", ...entries].sort(),
    );
    assertMatch(published.join("\n"), /^src\/device\/cpu\/kernels_simd\.ts$/m);
  },
});
