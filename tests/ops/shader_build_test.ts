import { assertEquals } from "@std/assert";
import { renderShaders, SHADERS_FILE } from "../../.ci/build_shaders.ts";
import { canUseFiles } from "../permissions.ts";

Deno.test({
  name: "src/ops/wgsl.ts holds the text of the .wgsl files",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const found = await Deno.readTextFile(SHADERS_FILE);
    assertEquals(found, await renderShaders(), "run: deno task build:shaders");
  },
});
