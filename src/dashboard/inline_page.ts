/** Puts the files of a page, and what it shows, into one HTML text. @module */
import { encodeBase64 } from "./encode_base64.ts";

/** The files of the page, as `PAGE_ASSETS` has them. */
export type PageAssets = Readonly<
  Record<"index.html" | "page.css" | "page.js" | "icon.svg", string>
>;

/** What else is in the text. */
export interface InlineOptions {
  /** Values that the script reads as JSON, by the ids of their elements. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Further directives of the policy. */
  readonly directives?: readonly string[];
}

/**
 * Puts the page's style, script and icon, and data, into one HTML text.
 *
 * The data are JSON in ASCII without `<`, so that nothing in them can end the element that holds them. A Content-Security-Policy
 * allows the style and the script by their hashes, and allows no request. The script comes last: it needs the elements before it.
 *
 * @throws {Error} if a tag that is replaced is missing, or an asset holds what cannot stand inside HTML
 */
export async function inlinePage(
  assets: PageAssets,
  { data, directives = [] }: InlineOptions,
): Promise<string> {
  // not written with two hyphens, because the script of the playground holds this source too
  const style = readInline(assets, "page.css", /<\/style|<!-{2}/i);
  const script = readInline(assets, "page.js", /<\/script|<!-{2}/i);
  const policy = [
    "default-src 'none'",
    `script-src '${await hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${await hashOf(style)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    ...directives,
  ].join("; ");
  const icon = encodeBase64(new TextEncoder().encode(assets["icon.svg"]));
  const elements = Object.entries(data).map(([id, value]) =>
    `<script type="application/json" id="${id}">${escapeJson(value)}</script>\n`
  );
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
      by: `${elements.join("")}<script type="module">${script}</script>
</body>`,
    },
  ]);
}

/** Gives an asset as an HTML parser reads it: every line ends with LF. */
function readInline(assets: PageAssets, name: "page.css" | "page.js", forbidden: RegExp): string {
  const found = forbidden.exec(assets[name])?.[0];
  if (found === undefined) return assets[name].replaceAll(/\r\n?/g, "\n");
  throw new Error(`Cannot make a page: ${name} must not contain "${found}"`);
}

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${encodeBase64(new Uint8Array(hash))}`;
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
        `Cannot make a page: index.html must match ${tag} once, but matches ${matches.length} times`,
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
