/**
 * Lays out what JSR's npm bridge makes of the package, for Node to import: every module without its types and with rewritten
 * specifiers, and a package.json. Source: jsr-io/jsr, api/src/npm.
 *
 * The bridge keeps `using` declarations, which Node 24 knows.
 *
 * @module
 */
import { ROOT } from "../module_graph.ts";

/** Names of the files that would be published, relative to the package. */
export async function listPublished(): Promise<string[]> {
  const { stderr, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const printed = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  return Array.from(
    printed.matchAll(/(file:\/\/\S+) \(/g),
    ([, url]) => url!.slice(ROOT.href.length),
  );
}

/**
 * Writes a folder `node_modules` with the package, and the packages that importing the library needs.
 *
 * @param target the syntax that is kept: `esnext`, as the bridge keeps it, or an older one, as a loader or bundler translates it
 */
export async function layOutPackage(folder: string, target: string): Promise<void> {
  const { transform, stop } = await import("esbuild"); // only here, because it asks for permissions
  const root = `${folder}/node_modules/@carry/seq2seq`;
  const { name, version, exports, imports } = JSON.parse(await readText("deno.json"));
  try {
    for (const path of await listPublished()) {
      if (!path.endsWith(".ts")) continue;
      const { code } = await transform(await readText(path), { loader: "ts", target });
      const to = `${root}/${path.replace(/\.ts$/, ".js")}`;
      await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(to, rewriteSpecifiers(code, imports));
    }
  } finally {
    await stop();
  }
  const entries = Object.entries<string>(exports);
  const manifest = {
    ...{ name, version, type: "module" },
    exports: Object.fromEntries(entries.map(([key, path]) => [key, path.replace(/\.ts$/, ".js")])),
  };
  await Deno.writeTextFile(`${root}/package.json`, JSON.stringify(manifest));
  for (const dependency of DEPENDENCIES) await copyPackage(folder, dependency);
}

/** The packages that importing the library loads. All others are absent, so that loading one is an error. */
const DEPENDENCIES = [
  { name: "pure-rand", module: "pure-rand/generator/xoroshiro128plus" },
  { name: "fastest-levenshtein", module: "fastest-levenshtein" },
  { name: "fflate", module: "fflate" },
] as const;

/** Copies a package of Deno's cache: Node treats a link as the place that it leads to. */
async function copyPackage(
  folder: string,
  { name, module }: { readonly name: string; readonly module: string },
): Promise<void> {
  const path = decodeURIComponent(new URL(import.meta.resolve(module)).pathname);
  const [place] = new RegExp(`^.*/${name}/[^/]+`).exec(path)!;
  await copyFolder(place, `${folder}/node_modules/${name}`);
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Rewrites the specifiers of a module: files end in `.js`, and names of deno.json become names of packages. */
function rewriteSpecifiers(code: string, imports: Readonly<Record<string, string>>): string {
  return code.replaceAll(
    /((?:\bfrom|^import|\bimport\()\s*")([^"]+)"/gm,
    (_, before: string, specifier: string) => `${before}${rewrite(specifier, imports)}"`,
  );
}

function rewrite(specifier: string, imports: Readonly<Record<string, string>>): string {
  if (specifier.startsWith(".")) return specifier.replace(/\.ts$/, ".js");
  const known = Object.keys(imports).find((key) =>
    specifier === key || specifier.startsWith(`${key}/`)
  );
  if (known === undefined) return specifier;
  const mapped = imports[known]!;
  if (mapped.startsWith("jsr:@")) {
    return specifier.replace(known, `@jsr/${known.slice(1).replace("/", "__")}`);
  }
  return specifier.replace(known, mapped.replace(/^npm:(@?[^@]+)@[^/]+/, "$1"));
}

async function readText(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, ROOT));
}
