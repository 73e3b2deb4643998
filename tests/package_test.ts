import { assert, assertEquals, assertMatch } from "@std/assert";
import { PAGE_ASSETS } from "../src/dashboard/page_assets.ts";
import { importsAtStart } from "./module_graph.ts";
import { canRun, canUseFiles } from "./permissions.ts";

const ROOT = new URL("../", import.meta.url);

async function readText(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, ROOT));
}

Deno.test({
  name: "the package carries the licences of the font and the charts that are in it",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const [font, notice] = await Promise.all(
      ["src/plot/roboto_license.txt", "src/plot/roboto_subset.ts"].map(readText),
    );
    assertMatch(font!, /^\s*Apache License\s+Version 2\.0, January 2004/);
    assert(font!.includes("END OF TERMS AND CONDITIONS"));
    assert(notice!.includes("roboto_license.txt") && notice!.includes("Copyright 2011 Google"));
    assertMatch(
      PAGE_ASSETS["page.js"],
      /uplot: Copyright \(c\) 2022 Leon Sorokin.*MIT License.*WITHOUT WARRANTY/,
    );
  },
});

Deno.test({
  name: "the stand-ins for JSR packages are members of the workspace that are never published",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const { workspace, publish } = JSON.parse(await readText("deno.json"));
    assertEquals(publish.exclude.filter((path: string) => path === ".jsr"), [".jsr"]);
    for await (const { name } of Deno.readDir(new URL(".jsr/", ROOT))) {
      assert(workspace.includes(`./.jsr/${name}`), name);
      assertEquals(JSON.parse(await readText(`.jsr/${name}/deno.json`)).publish, false, name);
    }
  },
});

/** The modules of the library. */
const ENTRYPOINTS = [
  "mod.ts",
  "addition.ts",
  "checkpoint.ts",
  "plot.ts",
  "parts.ts",
  "notebook.ts",
  "interop.ts",
];

Deno.test({
  name: "every module of the library is an export of the package, with an example",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const { exports, tasks } = JSON.parse(await readText("deno.json"));
    assertEquals(Object.values(exports), [...ENTRYPOINTS, "cli.ts"].map((path) => `./${path}`));
    for (const path of ENTRYPOINTS) {
      assertMatch(
        await readText(path),
        /^\/\*\*\n \* [A-Z][^]*? \* @example [^]* \* ```\n \*\n \* @module\n/,
        path,
      );
      for (const task of [tasks.ok, tasks["test:doc"]]) assert(task.includes(` ${path} `), path);
    }
  },
});

Deno.test({
  name: "importing the library, or a command that computes on the CPU, loads no tfjs",
  ignore: !canRun,
  async fn(): Promise<void> {
    const computing = [...ENTRYPOINTS, "src/cli/predict_command.ts", "src/cli/train_command.ts"];
    for (const entry of computing) {
      const imports = await importsAtStart(entry);
      assert(imports.some((specifier) => specifier.endsWith("/src/arguments/rule.ts")), entry);
      assertEquals(imports.filter((specifier) => specifier.includes("@tensorflow")), [], entry);
    }
  },
});
