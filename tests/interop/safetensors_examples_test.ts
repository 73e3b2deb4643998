import { assert, assertEquals } from "@std/assert";
import { exportSafetensors } from "../../src/interop/safetensors/export_safetensors.ts";
import { SAFETENSORS_EXAMPLES } from "../../src/interop/safetensors/safetensors_examples.ts";
import { hasNode, runExample } from "./example_programs.ts";
import { answerWith, makeCheckpoint } from "./exported_models.ts";
import { makeAskedModels } from "./laid_out.ts";
import { hasPython } from "./python.ts";

const FILE = "out/a model.safetensors";
const PLACES = [
  {
    language: "python" as const,
    name: "the example in Python (needs python3 with safetensors)",
    ignore: !hasPython("safetensors", "numpy"),
  },
  {
    language: "node" as const,
    name: "the example in Node, which needs no package (needs node)",
    ignore: !hasNode(),
  },
];

for (const { language, name, ignore } of PLACES) {
  const program = SAFETENSORS_EXAMPLES[language]!(FILE);

  Deno.test({
    name: `${name} answers as we do, with every cell and every layout of texts`,
    ignore,
    async fn(): Promise<void> {
      for (const { checkpoint, questions } of await makeAskedModels()) {
        const files = new Map([[FILE, exportSafetensors(checkpoint)]]);
        const { lines, errors } = await runExample(language, program, { files, args: questions });
        const expected = await answerWith(checkpoint, questions);
        assertEquals(lines, expected.map(({ answer }) => answer), errors);
        assert(new Set(lines).size > 1, "the answers are all the same");
      }
    },
  });

  Deno.test({
    name: `${name} lists the parameters, and names ONNX for a model with attention`,
    ignore,
    async fn(): Promise<void> {
      const checkpoint = await makeCheckpoint({ decoder: "attention", steps: 0 });
      const files = new Map([[FILE, exportSafetensors(checkpoint)]]);
      const { success, lines } = await runExample(language, program, { files, args: [] });
      const listed = checkpoint.parameters.map(({ name, shape }) => `${name} ${shape.join(" ")}`);
      assertEquals([success, [...lines].sort()], [true, listed.sort()]);
      const refused = await runExample(language, program, { files, args: ["1+2"] });
      assertEquals([refused.success, refused.lines], [false, []]);
      assert(refused.errors.includes("export the model to ONNX"), refused.errors);
    },
  });
}
