/** The playground as one HTML text: `playground` serves it, and `export --to playground` writes it. @module */
import { inlinePage, type PageAssets } from "../dashboard/inline_page.ts";

/** Directives of its policy besides those of every page: the worker comes from the page itself, and nothing leaves it. */
const DIRECTIVES = ["worker-src blob:", "connect-src 'none'"] as const;

/** Puts the playground into one HTML text, which needs nothing else. */
export async function renderPlayground(assets: PageAssets): Promise<string> {
  return await inlinePage(assets, { data: {}, directives: DIRECTIVES });
}

/** Reads the policy that a page names itself, for the header of a server. @throws {Error} if it names none */
export function readPolicy(page: string): string {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  if (policy !== undefined) return policy;
  throw new Error("Cannot serve the page: it must name a Content-Security-Policy");
}
