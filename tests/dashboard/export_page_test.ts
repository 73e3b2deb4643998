import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { embedRun, renderPage } from "../../src/dashboard/export_page.ts";
import { PAGE_ASSETS } from "../../src/dashboard/page_assets.ts";
import type { EmbeddedRun, RunUpdate } from "../../src/dashboard/protocol.ts";
import type { WatchedRun } from "../../src/dashboard/watched_run.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { resolvePairs } from "../../src/problem/pairs/resolve_pairs.ts";
import type { PairFile } from "../../src/problem/pairs/settings.ts";
import { makeCheckpoint } from "../interop/exported_models.ts";

/** What HTML, JSON or a replacement pattern could stumble over. */
const NASTY =
  '</script><script>alert(1)</script> <!-- <script> ]]> $& $` \u2028\u2029 é 😀 \ud800 \0 \\ "';

const UPDATE: RunUpdate = {
  run: 0,
  name: NASTY,
  reset: true,
  status: {
    state: "ended",
    reason: "epochs",
    step: 1,
    steps: 1,
    examplesPerSecond: null,
    leftMs: null,
  },
};

const EMBEDDED: EmbeddedRun = {
  update: UPDATE,
  answers: { step: 1, examples: 1, questions: ["1+1"], targets: ["2"], guesses: ["3"] },
  model: "AAAA",
};

/** A page as small as the rules allow. */
const SMALL = {
  "index.html":
    '<!DOCTYPE html><html><head><meta charset="utf-8"><link rel="icon" href="icon.svg">' +
    '<link rel="stylesheet" href="page.css"></head><body><script src="page.js" defer></script></body></html>',
  "page.css": "p { color: red }\r\n",
  "page.js": 'const text = "$& </" + "body> <\\/script>";\r\nif (1 < 2) {}',
  "icon.svg": "<svg/>",
};

/** The text between the first match of an opening tag and its end tag, as an HTML parser finds it. */
function readElement(page: string, opening: RegExp, name: string): string {
  const { index, 0: tag } = opening.exec(page)!;
  const start = index + tag.length;
  return page.slice(start, page.toLowerCase().indexOf(`</${name}`, start));
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

for (const [title, assets] of [["the page", PAGE_ASSETS], ["a small page", SMALL]] as const) {
  Deno.test(`renderPage() makes of ${title} one file whose policy names its script and style, and no address`, async () => {
    const page = await renderPage(assets, EMBEDDED);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const script = readElement(page, /<script type="module">/, "script");
    const style = readElement(page, /<style>/, "style");
    assertEquals(script, assets["page.js"].replaceAll("\r\n", "\n"));
    assertEquals(style, assets["page.css"].replaceAll("\r\n", "\n"));
    assertEquals(policy.split("; "), [
      "default-src 'none'",
      `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
      `style-src ${hashOf(style)}`,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    const markup = page.replace(script, "").replace(style, "");
    assertEquals([...markup.matchAll(/\b(?:src|href)="(?!#|data:)[^"]*"/g)].map(String), []);
    assert(
      page.indexOf("charset") < 1024,
      "browsers look for the encoding in the first 1024 bytes",
    );
  });
}

Deno.test("renderPage() carries a run whatever its texts are", async () => {
  const page = await renderPage(SMALL, EMBEDDED);
  const json = readElement(page, /<script type="application\/json" id="embedded">/, "script");
  assertEquals(JSON.parse(json), EMBEDDED);
  assert(/^[\x20-\x7e]*$/.test(json) && !json.includes("<"));
});

Deno.test("renderPage() refuses assets that cannot stand in HTML, or lack a place to stand", async () => {
  const wrong: [Partial<typeof SMALL>, string][] = [
    [{ "page.js": 'f("</SCRIPT>")' }, 'page.js must not contain "</SCRIPT"'],
    [{ "page.js": "a <!--b" }, 'page.js must not contain "<!--"'],
    [{ "page.css": "</style>" }, 'page.css must not contain "</style"'],
    [{ "index.html": SMALL["index.html"].replace("page.css", "a.css") }, "but matches 0 times"],
    [{ "index.html": SMALL["index.html"].repeat(2) }, "but matches 2 times"],
  ];
  for (const [change, message] of wrong) {
    await assertRejects(() => renderPage({ ...SMALL, ...change }, EMBEDDED), Error, message);
  }
});

Deno.test("embedRun() gathers everything, but not where the run and its pairs were", async () => {
  const file: PairFile = {
    ...{ path: "/home/somebody/pairs.tsv", format: "tsv", sha256: "5e".repeat(32) },
    ...{ sizeBytes: 1000, pairs: 100 },
  };
  const held = { places: 2 ** 28, except: [], pairs: 10 };
  const problem = resolvePairs({
    ...{ data: file, test: file, answers: "text", featureOrder: "file", normalize: "NFC" },
    ...{ seed: 7, heldBack: held },
  });
  const checkpoint = { ...await makeCheckpoint({ steps: 0 }), problem };
  const start = { run: "/home/somebody/run-1", problem } as unknown as NonNullable<
    RunUpdate["start"]
  >; // what is not looked at is left out
  const watched: WatchedRun = {
    path: "/home/somebody/run-1",
    news: {
      version: 1,
      since: () => ({
        update: { ...UPDATE, name: "run-1", start },
        cursor: { generation: 0, starts: 1, told: [0, 0, 0, 0], version: 1 },
      }),
    },
    ask: () => Promise.reject(new Error("is not asked")),
    answers: () => Promise.resolve(EMBEDDED.answers),
    readModel: () => encodeCheckpoint(checkpoint),
  };
  const { update, answers, model } = await embedRun(watched);
  assertEquals([update.start!.run, answers], ["run-1", EMBEDDED.answers]);
  const named = { ...file, path: "pairs.tsv" };
  assertEquals(update.start!.problem, { ...problem, data: named, test: named });
  const embedded = await decodeCheckpoint(Uint8Array.fromBase64(model));
  assertEquals(embedded, { ...checkpoint, problem: { ...problem, data: named, test: named } });
  assert(!JSON.stringify(update).includes("somebody"));
});
