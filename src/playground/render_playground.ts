/** The playground as one HTML text: `playground` serves it, and `export --to playground` writes it. @module */
import { inlinePage, type PageAssets } from "../dashboard/inline_page.ts";

/** Directives of its policy besides those of every page: the worker comes from the page itself, and nothing leaves it. */
const DIRECTIVES = ["worker-src blob:", "connect-src 'none'"] as const;

/**
 * Puts the playground into one HTML text, which needs nothing else.
 *
 * @param answering the files of the dashboard's page. A page that the playground exports has its HTML and icon
 */
export async function renderPlayground(assets: PageAssets, answering: PageAssets): Promise<string> {
  const { "index.html": index, "icon.svg": icon } = answering;
  return await inlinePage(assets, {
    data: { exported: { "index.html": index, "icon.svg": icon } },
    directives: DIRECTIVES,
  });
}

/** Reads the policy that a page names itself, for the header of a server. @throws {Error} if it names none */
export function readPolicy(page: string): string {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  if (policy !== undefined) return policy;
  throw new Error("Cannot serve the page: it must name a Content-Security-Policy");
}
