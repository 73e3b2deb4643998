import { assertEquals, assertThrows } from "@std/assert";
import { describePortable, parsePortable } from "../../src/interop/portable.ts";
import { makeCheckpoint } from "./exported_models.ts";

Deno.test("what a file carries of its model can be read again", async () => {
  for (const shape of [{}, { cell: "gru", layers: 2 }, { decoder: "attention" }] as const) {
    const checkpoint = await makeCheckpoint({ ...shape, steps: 0 });
    const { problem, model } = parsePortable(describePortable(checkpoint));
    assertEquals(problem, checkpoint.problem);
    assertEquals(model, checkpoint.model);
  }
});

Deno.test("what is no description of a model is refused", () => {
  for (const text of ["", "[]", "{}", '{"format":"carry-model-2","problem":{},"model":{}}']) {
    assertThrows(() => parsePortable(text), SyntaxError, "Cannot read what the file says");
  }
});
