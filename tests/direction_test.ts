import { assert, assertEquals } from "@std/assert";
import { type GraphModule, readGraph, ROOT } from "./module_graph.ts";
import { canRun } from "./permissions.ts";

/** A file imports from its own folder or from one named earlier. */
const ORDER = [
  "display",
  "arguments",
  "random",
  "time",
  "codec",
  "problem",
  "dataset",
  "network",
  "device",
  "model",
  "training",
  "evaluation",
  "checkpoint",
  "interop",
  "plot",
  "notebook",
  "serve",
  "dashboard",
  "playground",
  "cli",
];

/**
 * The folder that others may load when they need it: what an object shows in a notebook is drawn by modules that come after the object's
 * own, and that nobody loads who does not ask for it.
 */
const LOADED_LATER = "notebook";

/** The only folders that may touch the platform. */
const PLATFORM = new Set(["device", "checkpoint", "serve", "dashboard", "playground", "cli"]);

/** Texts for the cells of a notebook: code that Deno's kernel runs, and nobody else. */
const CELLS = /\/src\/notebook\/\w+_tour\.ts$/;

/** What starts a program: the command line, the library, and the playground's worker, which is bundled. */
const ENTRIES = ["cli.ts", "mod.ts", "src/playground/engine/create_engine.ts"];

/** Reads the modules that a program needs. */
async function readModules(): Promise<GraphModule[]> {
  const graphs = await Promise.all(ENTRIES.map(readGraph));
  const modules = new Map(graphs.flat().map((module) => [module.specifier, module]));
  return [...modules.values()];
}

function folderOf(specifier: string): string | undefined {
  if (!specifier.startsWith(`${ROOT}src/`)) return undefined;
  return specifier.slice(`${ROOT}src/`.length).split("/")[0];
}

Deno.test({
  name: "imports point one way, from a folder to itself or to one before it",
  ignore: !canRun,
  async fn(): Promise<void> {
    const wrong: string[] = [];
    let checked = 0;
    for (const { specifier, dependencies = [] } of await readModules()) {
      const from = folderOf(specifier);
      if (from === undefined) continue;
      assert(ORDER.includes(from), `src/${from} has no place in the order`);
      for (const { code, isDynamic } of dependencies) {
        const to = folderOf(code?.specifier ?? "");
        if (to === undefined || (isDynamic === true && to === LOADED_LATER)) continue;
        checked++;
        if (ORDER.indexOf(to) > ORDER.indexOf(from)) {
          wrong.push(`${specifier} → ${code!.specifier}`);
        }
      }
    }
    assertEquals(wrong, []);
    assert(checked > 50, `only ${checked} imports were seen`);
  },
});

Deno.test({
  name: "no file imports itself through others, not even for types",
  ignore: !canRun,
  async fn(): Promise<void> {
    const imports = new Map<string, string[]>();
    for (const { specifier } of await readModules()) {
      if (folderOf(specifier) === undefined) continue;
      imports.set(specifier, await readImports(specifier));
    }
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      if (path.includes(file) || done.has(file)) return;
      for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of imports.keys()) visit(file, []);
    assertEquals(circles, []);
  },
});

/** Names the files that a file imports, types too, which the graph for running does not have. */
async function readImports(specifier: string): Promise<string[]> {
  if (!specifier.endsWith(".ts")) return [];
  const text = await Deno.readTextFile(new URL(specifier));
  return Array.from(
    text.matchAll(/^(?:import|export)\b[^;"]* from "(\.[^"]+)"/gm),
    ([, target]) => new URL(target!, specifier).href,
  );
}

Deno.test({
  name: "only device, checkpoint, serve, dashboard, playground and cli touch Deno or navigator",
  ignore: !canRun,
  async fn(): Promise<void> {
    const wrong: string[] = [];
    for (const { specifier } of await readModules()) {
      const folder = folderOf(specifier);
      if (folder === undefined || PLATFORM.has(folder) || !specifier.endsWith(".ts")) continue;
      if (CELLS.test(specifier)) continue;
      const code = (await Deno.readTextFile(new URL(specifier))).replace(
        /\/\*[^]*?\*\/|\/\/.*/g,
        "",
      );
      if (/\b(Deno\.|navigator\b)/.test(code)) wrong.push(specifier);
    }
    assertEquals(wrong, []);
  },
});
