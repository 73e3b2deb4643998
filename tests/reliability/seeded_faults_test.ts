import { assertEquals } from "@std/assert";
import { canUseFiles } from "../permissions.ts";
import { SEEDED_FAULTS } from "./seeded_faults.ts";

const SOURCES = new URL("../../src/", import.meta.url);

Deno.test({
  name: "every fault that may be seeded has a single place in our code",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    for (const { name, file, from } of SEEDED_FAULTS) {
      const text = await Deno.readTextFile(new URL(file, SOURCES));
      assertEquals(text.split(from).length - 1, 1, name);
    }
  },
});
