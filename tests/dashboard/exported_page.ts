/** Puts the page and a run into one file, by the rules that an export follows. @module */
import type { PageFiles } from "../../.ci/build_page.ts";
import type { EmbeddedRun } from "../../src/dashboard/protocol.ts";

/** Gives the HTML of a page that needs no server. */
export async function assembleExport(files: PageFiles, run: EmbeddedRun): Promise<string> {
  const script = files["page.js"];
  const style = files["page.css"];
  const policy = "default-src 'none'; " +
    `script-src '${await hash(script)}' 'wasm-unsafe-eval'; style-src '${await hash(style)}'; ` +
    "img-src data:";
  const icon = `data:image/svg+xml;base64,${btoa(files["icon.svg"])}`;
  const json = JSON.stringify(run).replaceAll("<", "\\u003c");
  return files["index.html"]
    .replace(
      `<meta charset="utf-8">`,
      () => `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`,
    )
    .replace(`<link rel="stylesheet" href="page.css">`, () => `<style>${style}</style>`)
    .replace(`href="icon.svg"`, () => `href="${icon}"`)
    .replace(
      `<script type="module" src="page.js"></script>`,
      () =>
        `<script type="application/json" id="embedded">${json}</script>` +
        `<script type="module">${script}</script>`,
    );
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}
