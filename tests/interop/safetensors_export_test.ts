import { assertEquals } from "@std/assert";
import { decodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { parsePortable } from "../../src/interop/portable.ts";
import { exportSafetensors } from "../../src/interop/safetensors/export_safetensors.ts";
import { makeCheckpoint } from "./exported_models.ts";
import { hasPython, runPython } from "./python.ts";

const SHAPES = [
  { cell: "lstm", layers: 2 },
  { cell: "gru" },
  { cell: "simple", layers: 3 },
  { cell: "gru", decoder: "attention" },
  { cell: "lstm", decoder: "attention", bidirectional: false, encoderLayers: 2 },
] as const;

Deno.test("an exported file has the parameters of a model alone, and says what they are", async () => {
  for (const shape of SHAPES) {
    const checkpoint = await makeCheckpoint({ ...shape, steps: 1 });
    const { tensors, metadata } = decodeSafetensors(exportSafetensors(checkpoint));
    assertEquals(tensors, checkpoint.parameters);
    const { model, problem } = parsePortable(metadata.carry!);
    assertEquals({ model, problem }, { model: checkpoint.model, problem: checkpoint.problem });
  }
});

/** Prints the metadata and of every tensor its name, type, shape, and values as base64. */
const LIST = `
import base64, json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="numpy") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    listed = {name: [str(tensor.dtype), tensor.shape, base64.b64encode(tensor.tobytes()).decode()]
              for name, tensor in tensors.items()}
    print(json.dumps({"metadata": file.metadata(), "tensors": listed}))
`;

Deno.test({
  name: "Python's safetensors, where it is installed, reads every parameter bit for bit",
  ignore: !hasPython("safetensors", "numpy"),
  async fn(): Promise<void> {
    const path = await Deno.makeTempFile({ suffix: ".safetensors" });
    try {
      for (const shape of SHAPES) {
        const checkpoint = await makeCheckpoint({ ...shape, steps: 1 });
        await Deno.writeFile(path, exportSafetensors(checkpoint));
        const { metadata, tensors } = JSON.parse(await runPython(LIST, path));
        assertEquals(parsePortable(metadata.carry).model, checkpoint.model);
        const expected = checkpoint.parameters.map(({ name, shape, values }) => [
          name,
          ["float32", shape, new Uint8Array(values.slice().buffer).toBase64()],
        ]);
        assertEquals(tensors, Object.fromEntries(expected));
      }
    } finally {
      await Deno.remove(path);
    }
  },
});
