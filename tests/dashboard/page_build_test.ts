import { assert, assertEquals } from "@std/assert";
import { PAGES, renderAssets } from "../../.ci/build_page.ts";
import { PAGE_ASSETS } from "../../src/dashboard/page_assets.ts";
import { PAGE_ASSETS as PLAYGROUND_ASSETS } from "../../src/playground/page_assets.ts";
import { canRun } from "../permissions.ts";

for (const page of PAGES) {
  Deno.test({
    name: `the page in ${page.file.pathname.split("/").slice(-3).join("/")} is that of the sources`,
    ignore: !canRun,
    sanitizeOps: false, // esbuild's stop() does not wait for its process to end
    sanitizeResources: false,
    async fn(): Promise<void> {
      const found = await Deno.readTextFile(page.file);
      assertEquals(found, renderAssets(page, await page.build()), "run: deno task build:page");
    },
  });
}

for (const [name, assets] of Object.entries({ PAGE_ASSETS, PLAYGROUND_ASSETS })) {
  Deno.test(`${name} has no script and no style in its HTML, and names no other machine`, () => {
    const html = assets["index.html"];
    assert(!/<style|style=|<script(?! type="module" src="page\.js"><)|\son\w+=/.test(html));
    assert(!/https?:/.test(html));
    assert(!/url\(|@import/.test(assets["page.css"]));
    const [notice] = /^\/\*! [^*]*\*\//.exec(assets["page.js"])!;
    assert(/uplot: Copyright[^*]*MIT License\. Permission is hereby granted/.test(notice));
  });
}
