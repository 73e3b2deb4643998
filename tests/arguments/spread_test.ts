import { assert, assertEquals } from "@std/assert";
import { readGraph, ROOT } from "../module_graph.ts";
import { canRun } from "../permissions.ts";

/** Calls that overflow the stack if some 100,000 arguments are spread from data. */
const SPREADING = /\.(?:push|unshift|fromCharCode|fromCodePoint)\(\s*\.\.\./g;
Deno.test({
  name: "no call spreads an array that grows with the data into its arguments",
  ignore: !canRun,
  async fn(): Promise<void> {
    const found: string[] = [];
    let read = 0;
    for (const entry of ["cli.ts", "src/dashboard/page/page.ts"]) {
      for (const { specifier } of await readGraph(entry)) {
        const path = specifier.replace(String(ROOT), "");
        if (!path.startsWith("src/") || !path.endsWith(".ts") || path.endsWith("assets.ts")) {
          continue;
        }
        const text = await Deno.readTextFile(new URL(specifier));
        read++;
        for (const [call] of text.matchAll(SPREADING)) found.push(`${path}: ${call}`);
      }
    }
    assert(read > 150, `only ${read} files were read`);
    assertEquals(found, []);
  },
});
