import { assert, assertEquals } from "@std/assert";
import { importsAtStart, ROOT } from "../module_graph.ts";
import { canRun } from "../permissions.ts";

/** What the worker of a page has no use for: files, servers, the command line, pictures, tfjs and what only Node has. */
const FOREIGN =
  /tensorflow|^node:|\/src\/(cli|serve|plot|notebook)\/|\/checkpoint\/(file|lock|run_dir)/;

Deno.test({
  name: "the playground's worker loads no files, servers, command line, pictures or tfjs",
  ignore: !canRun,
  async fn(): Promise<void> {
    const modules = await importsAtStart("src/playground/engine/create_engine.ts");
    assert(modules.length > 100, `only ${modules.length} modules were seen`);
    assertEquals(
      modules.filter((module) => FOREIGN.test(module)).map((module) =>
        module.replace(ROOT.href, "")
      ),
      [],
    );
  },
});
