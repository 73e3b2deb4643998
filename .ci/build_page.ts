/**
 * Writes the page of src/dashboard/page into src/dashboard/page_assets.ts, so that serving it needs no file and no permission.
 *
 * esbuild from npm bundles the script. Its version is in deno.json and its checksum in deno.lock, so that the same sources give the same
 * bytes with every version of Deno. `deno bundle`, experimental in Deno 2.9, downloads an esbuild of its own that the lock file does not list.
 *
 * Run by `deno task build:page`; a test checks that the result is up to date.
 *
 * @module
 */
import type { PluginBuild } from "esbuild";
import type { PageAssets } from "../src/dashboard/inline_page.ts";

const PAGE = new URL("../src/dashboard/page/", import.meta.url);

/** The file with the assets. */
export const ASSETS_FILE: URL = new URL("../page_assets.ts", PAGE);

/** Builds everything in memory. @throws {Error} if the script cannot be bundled */
export async function buildPage(): Promise<PageAssets> {
  const charts = new URL("uPlot.min.css", import.meta.resolve("uplot"));
  const style = [charts, new URL("page.css", PAGE)].map((path) => Deno.readTextFile(path));
  const esbuild = await import("esbuild"); // only here, because it asks for permissions
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

/** Makes the source of the module that holds the assets. */
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

/** The first releases with `light-dark()` and `Promise.withResolvers()`, the newest features that the page needs. */
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

/** Reads the licence of uPlot, which requires that copies include it. */
async function readLicence(): Promise<string> {
  return await Deno.readTextFile(new URL("../LICENSE", import.meta.resolve("uplot")));
}

/** Resolves packages to Deno's cache; uPlot to its module, which can be minified. What objects show in notebooks is left out. */
function resolvePackages(build: PluginBuild): void {
  build.onResolve({ filter: /^\.\.\/notebook\// }, () => ({ external: true })); // loaded when a notebook asks
  build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
    if (kind === "entry-point") return undefined;
    const resolved = import.meta.resolve(path);
    const file = path === "uplot" ? new URL("uPlot.esm.js", resolved) : new URL(resolved);
    return { path: decodeURIComponent(file.pathname) };
  });
}

if (import.meta.main) await Deno.writeTextFile(ASSETS_FILE, renderAssets(await buildPage()));
