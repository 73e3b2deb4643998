/** Exports a run as one HTML file that needs no server: the page with its style, its script and the run in it. @module */
import type { Answers, EmbeddedRun } from "./protocol.ts";
import type { WatchedRun } from "./watched_run.ts";

/** The files of the page, as `PAGE_ASSETS` has them. */
export type PageAssets = Readonly<
  Record<"index.html" | "page.css" | "page.js" | "icon.svg", string>
>;

/** Gathers what an exported page holds of a run: its history, its answers and its weights. Of its path it holds the name alone. */
export async function embedRun(watched: WatchedRun): Promise<EmbeddedRun> {
  const answers: Answers = await watched.answers();
  const model = await watched.readModel();
  const { update } = watched.news.since(undefined)!; // without a cursor everything is new
  const { start, name } = update;
  const named = start === undefined ? update : { ...update, start: { ...start, run: name } };
  return { update: named, answers, model: model.toBase64() };
}

/**
 * Puts the page's style, script and icon, and a run, into one HTML text.
 *
 * The run is JSON in ASCII without `<`, so that nothing in it can end the element that holds it. A Content-Security-Policy allows the
 * style and the script by their hashes, and allows no request. The script comes last: it needs the elements before it.
 *
 * @throws {Error} if a tag that is replaced is missing, or an asset holds what cannot stand inside HTML
 */
export async function renderPage(assets: PageAssets, embedded: EmbeddedRun): Promise<string> {
  const style = readInline(assets, "page.css", /<\/style|<!--/i);
  const script = readInline(assets, "page.js", /<\/script|<!--/i);
  const policy = [
    "default-src 'none'",
    `script-src '${await hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${await hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const icon = new TextEncoder().encode(assets["icon.svg"]).toBase64();
  return replaceTags(assets["index.html"], [
    {
      tag: /<head>/gi,
      by: `<head>\n<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    },
    { tag: /<link\b[^>]*\bhref="page\.css"[^>]*>/gi, by: `<style>${style}</style>` },
    {
      tag: /<link\b[^>]*\bhref="icon\.svg"[^>]*>/gi,
      by: `<link rel="icon" href="data:image/svg+xml;base64,${icon}">`,
    },
    { tag: /<script\b[^>]*\bsrc="page\.js"[^>]*>\s*<\/script>/gi, by: "" },
    {
      tag: /<\/body>/gi,
      by: `<script type="application/json" id="embedded">${escapeJson(embedded)}</script>
<script type="module">${script}</script>
</body>`,
    },
  ]);
}

/** Gives an asset as an HTML parser reads it: every line ends with LF. */
function readInline(assets: PageAssets, name: "page.css" | "page.js", forbidden: RegExp): string {
  const found = forbidden.exec(assets[name])?.[0];
  if (found === undefined) return assets[name].replaceAll(/\r\n?/g, "\n");
  throw new Error(`Cannot export a page: ${name} must not contain "${found}"`);
}

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(hash).toBase64()}`;
}

/** Writes JSON that can stand in a script element, in any encoding. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Replaces tags. Each must occur once. The text that is put in is not searched. */
function replaceTags(
  html: string,
  edits: readonly { readonly tag: RegExp; readonly by: string }[],
): string {
  const places = edits.map(({ tag, by }) => {
    const matches = [...html.matchAll(tag)];
    if (matches.length !== 1) {
      throw new Error(
        `Cannot export a page: index.html must match ${tag} once, but matches ${matches.length} times`,
      );
    }
    const { index, 0: found } = matches[0]!;
    return { index, end: index + found.length, by };
  }).sort((a, b) => a.index - b.index);
  let done = 0;
  let text = "";
  for (const { index, end, by } of places) {
    text += html.slice(done, index) + by;
    done = end;
  }
  return text + html.slice(done);
}
