/** The routes of the page's files. They are made once, when the server starts. @module */
import type { WholeAnswer } from "../serve/answer.ts";
import type { Route } from "../serve/routes.ts";

/** Content types by the extension of the file name. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/**
 * Makes a route of every file: `index.html` at `/`, the others under their names.
 *
 * @throws {TypeError} if the extension of a name is not known
 */
export function createAssetRoutes(assets: Readonly<Record<string, string>>): [string, Route][] {
  return Object.entries(assets).map(([name, text]) => {
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
    if (type === undefined) {
      throw new TypeError(
        `Cannot serve "${name}": its extension must be one of ${Object.keys(TYPES).join(", ")}`,
      );
    }
    const answer: WholeAnswer = { status: 200, type, body: new TextEncoder().encode(text) };
    return name === "index.html"
      ? ["/", { method: "GET", access: "page", answer: () => answer }]
      : [`/${name}`, { method: "GET", access: "open", answer: () => answer }];
  });
}
