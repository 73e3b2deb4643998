import { assert, assertEquals } from "@std/assert";
import { ASSETS_FILE, buildPage, renderAssets } from "../../.ci/build_page.ts";
import { PAGE_ASSETS } from "../../src/dashboard/page_assets.ts";
import { canRun } from "../permissions.ts";

Deno.test({
  name: "the page that is served is that of src/dashboard/page",
  ignore: !canRun,
  sanitizeOps: false, // esbuild's stop() does not wait for its process to end
  sanitizeResources: false,
  async fn(): Promise<void> {
    const found = await Deno.readTextFile(ASSETS_FILE);
    assertEquals(found, renderAssets(await buildPage()), "run: deno task build:page");
  },
});

Deno.test("the page has no script and no style in its HTML, and names no other machine", () => {
  const html = PAGE_ASSETS["index.html"];
  assert(!/<style|style=|<script(?! type="module" src="page\.js"><)|\son\w+=/.test(html));
  assert(!/https?:/.test(html));
  assert(!/url\(|@import/.test(PAGE_ASSETS["page.css"]));
  assert(/uPlot[^*]*MIT/.test(PAGE_ASSETS["page.js"].slice(0, 200)));
});
