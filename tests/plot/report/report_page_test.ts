import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { writeReportPage } from "../../../src/plot/report/report_page.ts";
import { REPORT_STYLE } from "../../../src/plot/report/report_style.ts";
import { CHROMIUM, launchBrowser } from "../../dashboard/browser.ts";
import { ATTACKS, HEAD, makeReport } from "../../evaluation/hostile_report.ts";

const HOSTILE_HEAD = {
  ...{ run: ATTACKS[0]!, weights: ATTACKS[1]!, step: 1, equals: ATTACKS[2]! },
  ...{ problem: ATTACKS[3]!, asked: ATTACKS[5]! },
};

Deno.test("a report page has its figures, and the same report gives the same characters", async () => {
  const report = makeReport({ examples: 9 });
  const page = await writeReportPage(report, HEAD);
  assertEquals(await writeReportPage(report, HEAD), page);
  assertStringIncludes(page, "Evaluation of <bdi");
  assertStringIncludes(page, "60.00 %"); // 6 of 9 answers and one that was refused
  assertStringIncludes(page, "Failed");
  assert(!/NaN|Infinity|undefined|\[object|\\n/.test(page)); // a line break between sections is no text
});

Deno.test("a report page of one example, of all right, and of all there are has finite numbers", async () => {
  const right = { ...makeReport({ examples: 2 }), worst: [], confusions: [], groups: [] };
  for (
    const report of [
      makeReport({ examples: 1 }),
      { ...right, edgeCases: null, beyond: null, baselines: [] },
      makeReport({ examples: 9, complete: true }),
    ]
  ) {
    const page = await writeReportPage(report, HEAD);
    assert(!/NaN|Infinity|undefined|\[object/.test(page));
    assertEquals(page.includes("95 % interval"), !report.complete || report.beyond !== null);
  }
});

Deno.test("no text of a report becomes an element, an attribute or a control character", async () => {
  const page = await writeReportPage(makeReport({ examples: 40, texts: ATTACKS }), HOSTILE_HEAD);
  const body = page.replace(REPORT_STYLE, "");
  const tags = new Set(body.match(/<\/?[a-zA-Z!][^\s>/]*/g));
  const known =
    "!DOCTYPE html head meta title style body header main section h1 h2 p dl div dt dd b small bdi table thead tbody tr th td svg path rect circle text g title strong ul li span";
  for (const tag of tags) assert(known.split(" ").includes(tag.replace(/^<\/?/, "")), tag);
  assertEquals(/ on[a-z]+=(?!&)/.exec(body.replaceAll(/>[^<]*</g, "><")), null);
  assertEquals(/(?!\n)\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.exec(page), null);
  assert(page.isWellFormed());
  assertStringIncludes(page, "\\u202egnp.exe");
});

Deno.test("a report page allows its own style and nothing else", async () => {
  const page = await writeReportPage(makeReport({ examples: 3 }), HEAD);
  const style = /<style>([^]*?)<\/style>/.exec(page)![1]!;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)![1]!;
  assertStringIncludes(policy, "default-src &#39;none&#39;");
  assertStringIncludes(policy, `sha256-${new Uint8Array(hash).toBase64()}`);
  assertEquals(/<(script|link|iframe|img)\b|url\(|@import/i.exec(page), null);
  assertEquals(/style="/.exec(page), null); // the policy would ignore it
});

Deno.test({
  name: "a report page with hostile texts opens from disk, fits a phone, and runs nothing",
  ignore: CHROMIUM === undefined,
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    try {
      const report = makeReport({ examples: 40, texts: ATTACKS });
      await Deno.writeTextFile(
        `${folder}/report.html`,
        await writeReportPage(report, HOSTILE_HEAD),
      );
      await using browser = await launchBrowser();
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await browser.newPage({ viewport: { width: 320, height: 640 }, colorScheme });
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("dialog", (dialog) => complaints.push(dialog.message()));
        page.on("request", (request) => {
          if (!request.url().startsWith("file:")) complaints.push(request.url());
        });
        await page.goto(`file://${folder}/report.html`);
        const [wide, sections, scripts] = await page.evaluate(
          "[document.documentElement.scrollWidth, document.querySelectorAll('section').length, document.scripts.length]",
        ) as number[];
        assertEquals(complaints, []);
        assertEquals([wide, scripts], [320, 0]);
        assert(sections! >= 9);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
