import { assert, assertEquals } from "@std/assert";
import type { Plugin } from "esbuild";
import { importsAtStart, importsOf, ROOT } from "../module_graph.ts";
import { canRun } from "../permissions.ts";
import { bundle, ENDS_LATER } from "./bundle.ts";

/** Most bytes of each module of the library, minified, with all that importing it loads; and folders that it needs beside the usual ones. */
const LIBRARY: Readonly<Record<string, { readonly kilobytes: number; readonly also?: string }>> = {
  "mod.ts": { kilobytes: 460 },
  "addition.ts": { kilobytes: 80 },
  "checkpoint.ts": { kilobytes: 390 },
  "plot.ts": { kilobytes: 50, also: "plot" },
  "parts.ts": { kilobytes: 40 },
  "notebook.ts": { kilobytes: 35, also: "plot notebook" },
  "interop.ts": { kilobytes: 200, also: "interop" },
};

/** Folders that only programs use, or that are loaded when they are needed. */
const ABSENT = ["interop", "plot", "notebook", "serve", "dashboard", "playground", "cli"];

/** Packages that importing the library may load: the generator of random numbers, the distance of two words, and DEFLATE. */
const SMALL_PACKAGES = /^npm:\/?(pure-rand|fastest-levenshtein|fflate)@/;

/** Packages that may be loaded when something needs them. */
const LAZY_PACKAGES =
  /^npm:\/?(@tensorflow\/tfjs(-backend-webgpu)?|@resvg\/resvg-wasm|h5wasm|@zip\.js\/zip\.js)@/;

for (const [entry, { kilobytes, also = "" }] of Object.entries(LIBRARY)) {
  Deno.test({
    name: `importing ${entry} loads no server, no tfjs, no pictures, and nothing of a platform`,
    ignore: !canRun,
    ...ENDS_LATER,
    async fn(): Promise<void> {
      const [atStart, all] = [await importsAtStart(entry), await importsOf(entry)];
      const inSource = atStart.filter((name) => name.startsWith(`${ROOT.href}src/`))
        .map((name) => name.slice(`${ROOT.href}src/`.length));
      assert(inSource.includes("arguments/rule.ts"));
      const absent = ABSENT.filter((folder) => !also.split(" ").includes(folder));
      const isUnwanted = (path: string): boolean =>
        absent.includes(path.split("/")[0]!) || path.startsWith("device/reference/");
      assertEquals(inSource.filter(isUnwanted), []);
      const outside = (names: readonly string[]): string[] =>
        names.filter((name) => !name.startsWith("file:") && !SMALL_PACKAGES.test(name));
      assertEquals(outside(atStart), []);
      assertEquals(outside(all).filter((name) => !LAZY_PACKAGES.test(name)), []);
      const text = await bundle(`export * from "../../${entry}";`, {
        ...{ minify: true, target: "chrome123", plugins: [WITHOUT_LAZY] },
      });
      assert(text.length <= 1000 * kilobytes, `${text.length} bytes`);
    },
  });
}

/** Leaves what is imported only when it is needed out of a bundle. */
const WITHOUT_LAZY: Plugin = {
  name: "without lazy imports",
  setup(build): void {
    build.onResolve(
      { filter: /./ },
      ({ path, kind }) => kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

Deno.test({
  name: "every module of the library but the command line is held to its size",
  ignore: !canRun,
  async fn(): Promise<void> {
    const { exports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
    const entries = Object.values<string>(exports).map((path) => path.slice(2));
    assertEquals(entries.filter((path) => path !== "cli.ts").sort(), Object.keys(LIBRARY).sort());
  },
});

Deno.test({
  name: "the library names Deno only inside functions, so that it can be imported anywhere",
  ignore: !canRun,
  ...ENDS_LATER,
  async fn(): Promise<void> {
    const text = await bundle(
      Object.keys(LIBRARY).map((entry, i) => `export * as m${i} from "../../${entry}";`).join("\n"),
      { target: "chrome123", format: "iife", logLevel: "silent" },
    );
    // evaluated here, where every name of a platform is undefined
    const names = ["Deno", "process", "navigator", "GPUBufferUsage", "GPUDevice", "Worker"];
    new Function(...names, text)();
  },
});
