/** Lists the modules that a module loads, as Deno reports them. @module */

/** Root directory of the project. */
export const ROOT: URL = new URL("../", import.meta.url);

/** A module and what it imports; imports of types alone have no `code`. */
export interface GraphModule {
  readonly specifier: string;
  readonly dependencies?: readonly { readonly code?: { readonly specifier?: string } }[];
}

/** Reads the modules that an entry needs, for running or for types. */
export async function readGraph(entry: string): Promise<GraphModule[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: ROOT,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

/** Lists every module that is loaded when an entry runs. */
export async function importsOf(entry: string): Promise<string[]> {
  const modules = new Map((await readGraph(entry)).map((module) => [module.specifier, module]));
  const found = new Set([new URL(entry, ROOT).href]);
  for (const specifier of found) {
    for (const { code } of modules.get(specifier)?.dependencies ?? []) {
      if (code?.specifier !== undefined) found.add(code.specifier);
    }
  }
  return [...found];
}
