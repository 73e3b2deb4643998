/** The page's files as routes: a fixed table, made when the server starts. @module */
import type { WholeAnswer } from "./answer.ts";
import type { Route } from "./routes.ts";

/** Types of the files of a page, by the ends of their names. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/**
 * Makes a route of every file: `index.html` at `/`, the others under their names.
 *
 * @throws {TypeError} if a name ends in something that is not known
 */
export function createAssetRoutes(assets: Readonly<Record<string, string>>): [string, Route][] {
  return Object.entries(assets).map(([name, text]) => {
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
    if (type === undefined) throw new TypeError(`Cannot serve "${name}": its type is not known`);
    const answer: WholeAnswer = { status: 200, type, body: new TextEncoder().encode(text) };
    return name === "index.html"
      ? ["/", { method: "GET", access: "page", answer: () => answer }]
      : [`/${name}`, { method: "GET", access: "open", answer: () => answer }];
  });
}
