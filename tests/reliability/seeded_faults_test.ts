import { assertEquals } from "@std/assert";
import { canUseFiles } from "../permissions.ts";
import { SEEDED_FAULTS } from "./seeded_faults.ts";

const SOURCES = new URL("../../src/", import.meta.url);

Deno.test({
  name: "the text of every seeded fault appears once in our code",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    for (const { name, file, from } of SEEDED_FAULTS) {
      const text = await Deno.readTextFile(new URL(file, SOURCES));
      assertEquals(text.split(from).length - 1, 1, name);
    }
  },
});
