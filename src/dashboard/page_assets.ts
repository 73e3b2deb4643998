/** The page's files. Made by `deno task build:page`. @module */

/** Name and text of each. */
export const PAGE_ASSETS: {
  readonly "index.html": string;
  readonly "page.css": string;
  readonly "page.js": string;
  readonly "icon.svg": string;
} = {
  "index.html":
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Carry</title><link rel="icon" href="icon.svg"><link rel="stylesheet" href="page.css"><script src="page.js" type="module"></script></html>\n',
  "page.css": "body { font-family: system-ui; }\n",
  "page.js": "export {};\n",
  "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>\n',
};
