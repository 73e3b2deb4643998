/** The frame of a report: one HTML file that needs no server, no script and no other file. @module */
import { html, type Markup } from "./markup.ts";
import { REPORT_STYLE } from "./report_style.ts";

/** What a report has. */
export interface ReportPage {
  /** The title of the window. */
  readonly title: string;
  readonly heading: Markup;
  /** A paragraph that says what was done. */
  readonly lead: Markup;
  /** The sections. */
  readonly main: readonly Markup[];
}

/** Writes a page. A Content-Security-Policy in it allows its own style by its hash, and no script and no request. */
export async function writePage({ title, heading, lead, main }: ReportPage): Promise<string> {
  const policy = [
    "default-src 'none'",
    `style-src '${await hashOf(REPORT_STYLE)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <style>${{ markup: REPORT_STYLE }}</style>
      </head>
      <body>
        <header>
          <h1>${heading}</h1>
          <p>${lead}</p>
        </header>
        <main>
    ${main}
        </main>
      </body>
    </html>
  `.markup.trimStart();
}

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(hash).toBase64()}`;
}
