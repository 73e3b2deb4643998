/** Lists the modules that a module loads, as Deno reports them. @module */

/** Root directory of the project. */
export const ROOT: URL = new URL("../", import.meta.url);

/** A module and what it imports; imports of types alone have no `code`. */
export interface GraphModule {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    /** Whether it is imported only when it is needed. */
    readonly isDynamic?: boolean;
  }[];
}

/** Reads the modules that an entry needs, for running or for types. */
export async function readGraph(entry: string): Promise<GraphModule[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: ROOT,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

/** Lists every module that is loaded when an entry is imported, without those that are imported when they are needed. */
export function importsAtStart(entry: string): Promise<string[]> {
  return listImports(entry, ({ isDynamic }) => isDynamic !== true);
}

/** Lists every module that may be loaded when an entry runs. */
export function importsOf(entry: string): Promise<string[]> {
  return listImports(entry, () => true);
}

async function listImports(
  entry: string,
  follow: (dependency: { readonly isDynamic?: boolean }) => boolean,
): Promise<string[]> {
  const modules = new Map((await readGraph(entry)).map((module) => [module.specifier, module]));
  const found = new Set([new URL(entry, ROOT).href]);
  for (const specifier of found) {
    for (const dependency of modules.get(specifier)?.dependencies ?? []) {
      const imported = dependency.code?.specifier;
      if (imported !== undefined && follow(dependency)) found.add(imported);
    }
  }
  return [...found];
}
