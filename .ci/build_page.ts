/**
 * Writes the pages of src/dashboard/page and src/playground/page into page_assets.ts beside them, so that serving them needs no file
 * and no permission.
 *
 * esbuild from npm bundles the scripts. Its version is in deno.json and its checksum in deno.lock, so that the same sources give the
 * same bytes with every version of Deno. `deno bundle`, experimental in Deno 2.9, downloads an esbuild of its own that the lock file
 * does not list.
 *
 * Run by `deno task build:page`; a test checks that the results are up to date.
 *
 * @module
 */
import type { PluginBuild } from "esbuild";
import type { PageAssets } from "../src/dashboard/inline_page.ts";

const DASHBOARD = new URL("../src/dashboard/page/", import.meta.url);
const PLAYGROUND = new URL("../src/playground/page/", import.meta.url);

/** A page that is built. */
export interface BuiltPage {
  /** In words, for the module that holds it. */
  readonly title: string;
  /** The file that holds it. */
  readonly file: URL;
  /** Builds it in memory. @throws {Error} if a script cannot be bundled */
  build(): Promise<PageAssets>;
}

/** Every page that is built. */
export const PAGES: readonly BuiltPage[] = [
  {
    title: "The page of the dashboard, made from src/dashboard/page",
    file: new URL("../page_assets.ts", DASHBOARD),
    build: buildDashboard,
  },
  {
    title: "The page of the playground, made from src/dashboard/page and src/playground/page",
    file: new URL("../page_assets.ts", PLAYGROUND),
    build: () => buildPlayground(),
  },
];

/** Builds the playground's page. @param entry its script: a test has another, whose engine is simpler */
export async function buildPlayground(
  entry: URL = new URL("page.ts", PLAYGROUND),
): Promise<PageAssets> {
  const [index, view] = await Promise.all(
    [new URL("index.html", DASHBOARD), new URL("start.html", PLAYGROUND)].map((path) =>
      Deno.readTextFile(path)
    ),
  );
  return await buildPage({
    index: insertView(index!, view!),
    styles: [new URL("page.css", DASHBOARD), new URL("playground.css", PLAYGROUND)],
    entry,
  });
}

/** Builds the page of the dashboard. */
export async function buildDashboard(): Promise<PageAssets> {
  return await buildPage({
    index: await Deno.readTextFile(new URL("index.html", DASHBOARD)),
    styles: [new URL("page.css", DASHBOARD)],
    entry: new URL("page.ts", DASHBOARD),
  });
}

/** Puts the form and the buttons of the playground before the sections of the dashboard's page. */
function insertView(index: string, view: string): string {
  return [
    ["<body>", '<body data-view="start">'],
    ["Skip to the curves", "Skip to the content"],
    ['<main id="main" tabindex="-1">', `<main id="main" tabindex="-1">\n      ${view.trim()}`],
  ].reduce((text, [from, to]) => {
    const parts = text.split(from!);
    if (parts.length === 2) return parts.join(to);
    throw new Error(`Cannot build the playground: index.html must hold ${from} once`);
  }, index);
}

/** What a page is made of. */
interface PageSources {
  readonly index: string;
  readonly styles: readonly URL[];
  readonly entry: URL;
}

async function buildPage({ index, styles, entry }: PageSources): Promise<PageAssets> {
  const charts = new URL("uPlot.min.css", import.meta.resolve("uplot"));
  const style = [charts, ...styles].map((path) => Deno.readTextFile(path));
  const esbuild = await import("esbuild"); // only here, because it asks for permissions
  try {
    const { code } = await esbuild.transform((await Promise.all(style)).join("\n"), {
      loader: "css",
      minify: true,
      target: TARGET,
    });
    return {
      "index.html": index.replaceAll(/^ +/gm, ""), // indentation, which a browser ignores
      "page.css": code,
      "page.js": await joinScript(esbuild, entry),
      "icon.svg": await Deno.readTextFile(new URL("icon.svg", DASHBOARD)),
    };
  } finally {
    await esbuild.stop();
  }
}

/** Makes the source of the module that holds a page. */
export function renderAssets({ title }: BuiltPage, files: PageAssets): string {
  const entries = Object.entries(files).map(([name, text]) =>
    `  ${JSON.stringify(name)}: ${JSON.stringify(text)},\n`
  );
  return `// deno-fmt-ignore-file
/** ${title} by .ci/build_page.ts. @module */

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

/** The first releases with `light-dark()` and `Promise.withResolvers()`, the newest features that the pages need. */
const TARGET = ["chrome123", "firefox121", "safari17.5"];

async function joinScript(esbuild: typeof import("esbuild"), entry: URL): Promise<string> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [decodeURIComponent(entry.pathname)],
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "iife",
    target: TARGET,
    metafile: true,
    write: false,
    plugins: [
      { name: "packages of deno.json", setup: resolvePackages },
      { name: "shaders without spaces", setup: trimShaders },
    ],
  });
  const notices = await readNotices(Object.keys(metafile.inputs));
  return `/*! ${notices} */\n${SYMBOLS}\n${outputFiles[0]!.text}`;
}

/** Names methods that browsers of the target do not know, such as Safari 18, as esbuild does where it compiles `using`. */
const SYMBOLS = ["dispose", "asyncDispose"]
  .map((name) => `Symbol.${name}??=Symbol.for("Symbol.${name}");`)
  .join("");

/** A package in Deno's cache: its directory, and its name. */
const PACKAGE = /^(.*\/registry\.npmjs\.org\/((?:@[^/]+\/)?[^/]+)\/[^/]+)\//;

/** A licence of a few lines, which copies must include: its title, who has the copyright, and what is permitted. */
const SHORT_LICENCE = /^((?:The )?MIT) License\b.*?\n\s*(Copyright [^\n]*)\n(.*)$/s;

/** Gathers the licences of the packages that a script holds, each text once. */
async function readNotices(inputs: readonly string[]): Promise<string> {
  const packages = new Map<string, string>();
  for (const input of inputs) {
    const [, directory, name] = PACKAGE.exec(input) ?? [];
    if (name !== undefined) packages.set(name, directory!);
  }
  const owners = new Map<string, string[]>();
  for (const [name, directory] of [...packages].sort().reverse()) {
    const [, title, copyright, text] = SHORT_LICENCE.exec(await readLicence(directory)) ?? [];
    if (text === undefined) {
      throw new Error(`Cannot build the page: the licence of ${name} must be MIT`);
    }
    const licence = `${title!.replace("The ", "")} License. ${text.replaceAll(/\s+/g, " ").trim()}`;
    owners.set(licence, [...owners.get(licence) ?? [], `${name}: ${copyright!.trim()}`]);
  }
  return Array.from(owners, ([licence, names]) => `${names.join("; ")}. ${licence}`).join(" ");
}

async function readLicence(directory: string): Promise<string> {
  for await (const { name } of Deno.readDir(directory)) {
    if (/^licen[sc]e(\.|$)/i.test(name)) return await Deno.readTextFile(`${directory}/${name}`);
  }
  throw new Error(`Cannot build the page: "${directory}" must hold a licence`);
}

/** Where a package has its module, from the file that Deno finds: a module can be minified better. */
const MODULES: Readonly<Record<string, string>> = {
  uplot: "uPlot.esm.js",
};

/**
 * Resolves packages to Deno's cache. What a page never reaches stays outside: the reference with tfjs, the modules of Node, and what
 * objects show in notebooks.
 */
function resolvePackages(build: PluginBuild): void {
  build.onResolve(
    { filter: /^\.\.?\/(notebook|reference)\// },
    ({ kind }) => kind === "dynamic-import" ? { external: true } : undefined,
  );
  build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
    if (kind === "entry-point") return undefined;
    if (/^(@tensorflow\/|node:)/.test(path)) return { path, external: true };
    const file = new URL(MODULES[path] ?? "", import.meta.resolve(path));
    return { path: decodeURIComponent(file.pathname) };
  });
}

/**
 * A sign of a shader with a space on both sides that it does not need. `<` and `>` need them, because `a<b` may begin a list of types;
 * so do `+`, `-` and `/` before a part that is put in, which may begin with a sign.
 */
const SPACED_SIGN = / (?:(=|[*%]|[-+*/%]=|[=!]=|&&|\|\|) (?=[\w$(.!])|([-+/]) (?=[\w(.]))/g;

/** A line that is no text for people. */
const UNQUOTED = /^[^"'`\n]*$/gm;

/** Leaves out the indentation of shaders and most of their spaces, which are texts in modules: a thirtieth of the playground. */
function trimShaders(build: PluginBuild): void {
  build.onLoad({ filter: /\/src\/device\/webgpu\/.*\.ts$/ }, async ({ path }) => ({
    contents: shortenShaders(await Deno.readTextFile(path)),
    loader: "ts",
  }));
}

function shortenShaders(source: string): string {
  return source
    .replaceAll(/^ +/gm, "")
    .replaceAll(SPACED_SIGN, "$1$2")
    .replaceAll(UNQUOTED, (line) => line.replaceAll(/([,:]) | (?=\{$)/g, "$1"));
}

if (import.meta.main) {
  for (const page of PAGES) {
    await Deno.writeTextFile(page.file, renderAssets(page, await page.build()));
  }
}
