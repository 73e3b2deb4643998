/**
 * Gathers the page of src/dashboard/page in src/dashboard/page_assets.ts: serving it needs no file and no permission.
 *
 * esbuild from npm joins the script: its version stands in deno.json and its checksum in deno.lock, so that the same sources give the same
 * bytes whichever Deno builds; `deno bundle`, experimental in Deno 2.9, takes the esbuild of its release from the net past the lock file.
 *
 * `deno task build:page`; a test compares.
 *
 * @module
 */
import type { PluginBuild } from "esbuild";
import type { PageAssets } from "../src/dashboard/export_page.ts";

const PAGE = new URL("../src/dashboard/page/", import.meta.url);

/** Where the assets lie. */
export const ASSETS_FILE: URL = new URL("../page_assets.ts", PAGE);

/** Builds everything in memory. @throws {Error} if the script cannot be joined */
export async function buildPage(): Promise<PageAssets> {
  const charts = new URL("uPlot.min.css", import.meta.resolve("uplot"));
  const style = [charts, new URL("page.css", PAGE)].map((path) => Deno.readTextFile(path));
  const esbuild = await import("esbuild"); // not before: it asks for permissions
  try {
    const { code } = await esbuild.transform((await Promise.all(style)).join("\n"), {
      loader: "css",
      minify: true,
      target: TARGET,
    });
    return {
      "index.html": await Deno.readTextFile(new URL("index.html", PAGE)),
      "page.css": code,
      "page.js": await joinScript(esbuild),
      "icon.svg": await Deno.readTextFile(new URL("icon.svg", PAGE)),
    };
  } finally {
    await esbuild.stop();
  }
}

/** Writes the module that carries the assets. */
export function renderAssets(files: PageAssets): string {
  const entries = Object.entries(files).map(([name, text]) =>
    `  ${JSON.stringify(name)}: ${JSON.stringify(text)},\n`
  );
  return `// deno-fmt-ignore-file
/** The page of the dashboard, made from src/dashboard/page by .ci/build_page.ts. @module */

/** Every file of the page by its name. */
export const PAGE_ASSETS: {
  readonly "index.html": string;
  readonly "page.css": string;
  readonly "page.js": string;
  readonly "icon.svg": string;
} = {
${entries.join("")}};
`;
}

/** The first releases that know `light-dark()` and `Promise.withResolvers()`, the youngest of what the page needs. */
const TARGET = ["chrome123", "firefox121", "safari17.5"];

async function joinScript(esbuild: typeof import("esbuild")): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [decodeURIComponent(new URL("page.ts", PAGE).pathname)],
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "iife",
    target: TARGET,
    banner: { js: `/*! uPlot. ${(await readLicence()).replaceAll(/\s+/g, " ").trim()} */` },
    write: false,
    plugins: [{ name: "packages of deno.json", setup: resolvePackages }],
  });
  return outputFiles[0]!.text;
}

/** The licence of what is joined asks to be kept with it. */
async function readLicence(): Promise<string> {
  return await Deno.readTextFile(new URL("../LICENSE", import.meta.resolve("uplot")));
}

/** Packages lie in Deno's cache; of uPlot the module, which can be minified. */
function resolvePackages(build: PluginBuild): void {
  build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
    if (kind === "entry-point") return undefined;
    const resolved = import.meta.resolve(path);
    const file = path === "uplot" ? new URL("uPlot.esm.js", resolved) : new URL(resolved);
    return { path: decodeURIComponent(file.pathname) };
  });
}

if (import.meta.main) await Deno.writeTextFile(ASSETS_FILE, renderAssets(await buildPage()));
