/// <reference lib="dom" />
import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { buildPlayground } from "../../.ci/build_page.ts";
import { renderPlayground } from "../../src/playground/render_playground.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { findSerious } from "../dashboard/find_serious.ts";
import { type RecordedRun, recordRun } from "../dashboard/recorded_run.ts";
import { openWatched, type WatchedPage } from "../dashboard/watched_page.ts";
import { inFolder } from "../reliability/carry_process.ts";
import type { Recorded } from "./fake_engine.ts";

/** What the steps below share. */
interface Stage {
  readonly browser: Browser;
  readonly recorded: RecordedRun;
  /** Address of the page, whose engine is a fake. */
  readonly address: string;
}

Deno.test({
  name: "the form of the playground in Chromium",
  ignore: CHROMIUM === undefined,
  sanitizeOps: false, // esbuild's stop() does not wait for its process to end
  sanitizeResources: false,
  async fn(t): Promise<void> {
    const recorded = await recordRun({
      name: "addition",
      problem: { digits: 2, examples: 500 },
      hiddenSize: 8,
      training: { epochs: 2, batchSize: 32 },
    });
    const page = await buildPlayground(new URL("fake_page.ts", import.meta.url));
    await inFolder(async (folder) => {
      await Deno.writeTextFile(
        `${folder}/playground.html`,
        await renderPlayground(page),
      );
      await using browser = await launchBrowser();
      const stage = { browser, recorded, address: `file://${folder}/playground.html` };
      for (const [name, check] of Object.entries(CHECKS)) await t.step(name, () => check(stage));
    });
  },
});

/** What `check` says in these tests. */
const CHECKED = { lines: ["Data: pairs.tsv", "  Pairs  2"], advice: ["There are only 2 pairs"] };

const CHECKS: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "what is typed is what is trained, and empty fields are left out": async (stage) => {
    await using watched = await openFake(stage);
    const { page, problems } = watched;
    await page.locator("#problem").selectOption("mixed");
    await page.locator("#problem-digits").fill("2");
    await page.locator("#options > summary").click();
    await page.locator("#model-cell").selectOption("gru");
    await page.locator("#training-stopAt").fill("exactMatch=99%");
    await page.locator("#training-seed").fill("7");
    await page.locator("#device-threads").fill("3");
    await page.locator("#start-training").click();
    await page.locator("#pause").waitFor();
    assertEquals(await page.evaluate("calls"), [{
      task: { kind: "made", problem: "mixed", settings: { digits: 2, seed: 7 } },
      options: {
        model: { cell: "gru" },
        training: { seed: 7, stopAt: { metric: "exactMatch", value: 0.99 } },
        threads: 3,
      },
    }]);
    assertEquals(problems, []);
  },

  "a value that is not possible is named, and starts nothing": async (stage) => {
    await using watched = await openFake(stage);
    const { page, problems } = watched;
    await page.locator("#options > summary").click();
    for (
      const [field, text, sentence] of [
        [
          "#training-epochs",
          "0",
          "Cannot read Epochs: it must be an integer from 1 to 1000000, but is 0",
        ],
        ["#training-epochs", "many", 'Cannot read Epochs: it must be a number, but is "many"'],
        [
          "#problem-digits",
          "1e3",
          "Cannot read Digits: it must be an integer from 1 to 9, but is 1000",
        ],
      ] as const
    ) {
      await page.locator(field).fill(text);
      await page.locator("#options > summary").click();
      await page.locator("#start-training").click();
      await page.locator("#start-error", { hasText: sentence }).waitFor();
      assertEquals(await page.locator(field).getAttribute("aria-invalid"), "true");
      assert(await page.locator(field).evaluate((node) => node === document.activeElement));
      await page.locator(field).fill("");
    }
    assertEquals(await page.evaluate("calls"), []);
    assertEquals(problems, []);
  },

  "pairs are opened, dropped, pasted and typed, and what check says is shown": async (stage) => {
    await using watched = await openFake(stage);
    const { page, problems } = watched;
    await page.locator("#task input[value=pairs]").check();
    const pairs = "one\t1\ntwo\t2\n";
    await page.locator("#pairs-file").setInputFiles({
      name: "words.tsv",
      mimeType: "text/tab-separated-values",
      buffer: Buffer.from(pairs),
    });
    await page.locator("#advice li", { hasText: "only 2 pairs" }).waitFor();
    assertEquals(await page.locator("#pairs-preview td").allTextContents(), [
      ...["one", "1", "two", "2"],
    ]);
    assertEquals(await page.locator("#report").textContent(), CHECKED.lines.join("\n"));
    await page.locator("#start-training").click();
    await page.locator("#pause").waitFor();
    assertEquals(await page.evaluate(READ_PAIRS), [["words.tsv", pairs]]);
    await page.locator("#new").click();
    await page.locator("#pairs-remove").click();
    await page.keyboard.type("a b");
    await page.locator("#start-training").click();
    await page.locator("#pause").waitFor();
    await page.locator("#new").click();
    await page.evaluate(DROP, "dropped\t1");
    await page.locator("#pairs-name", { hasText: "dropped.tsv, 9 bytes" }).waitFor();
    await page.locator("#pairs-remove").click();
    await page.evaluate(PASTE, "pasted\t1\n".repeat(200_000));
    await page.locator("#pairs-name", { hasText: "pasted.tsv, 1.8 MB" }).waitFor();
    assertEquals(await page.locator("#pairs-preview tr").count(), 4);
    assertEquals(await page.evaluate(READ_PAIRS), [["words.tsv", pairs], ["pasted.tsv", "a b"]]);
    assertEquals(problems, []);
  },

  "a training without pairs is refused with a sentence": async (stage) => {
    await using watched = await openFake(stage);
    const { page } = watched;
    assert(await page.locator(".replaces").isHidden());
    await page.locator("#task input[value=pairs]").check();
    await page.locator("#start-training").click();
    await page.locator("#start-error", { hasText: "Cannot start: pairs are needed" }).waitFor();
    assertEquals(await page.evaluate("calls"), []);
  },

  "hostile pairs, names and sentences are shown as text": async (stage) => {
    const hostile = "<img src=x onerror=\"document.title='owned'\">\u202egnp";
    await using watched = await openFake(stage, {
      checked: { lines: [hostile], advice: [hostile] },
      kept: { title: hostile, step: 1, steps: 2, savedAt: 0 },
    });
    const { page, problems } = watched;
    await page.locator("#kept-title", { hasText: hostile }).waitFor();
    await page.locator("#task input[value=pairs]").check();
    await page.locator("#pairs-file").setInputFiles({
      name: hostile.replaceAll("/", "") + ".tsv",
      mimeType: "text/plain",
      buffer: Buffer.from(`${hostile}\t${"x".repeat(100_000)}`),
    });
    await page.locator("#advice li", { hasText: hostile }).waitFor();
    assertEquals(await page.locator("#pairs-preview td").first().textContent(), hostile);
    assertEquals(await page.locator("img").count(), 0);
    assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 1280);
    assert(!(await page.title()).includes("owned"));
    assertEquals(problems, []);
  },

  "the sentence with which check refuses pairs is shown": async (stage) => {
    const sentence = "Cannot read words.tsv:3: the line must have at least 2 columns, but has 1";
    await using watched = await openFake(stage, { checked: sentence });
    const { page } = watched;
    await page.locator("#task input[value=pairs]").check();
    await page.locator("#pairs-text").fill("one");
    await page.locator("#pairs-error", { hasText: sentence }).waitFor();
    assert(await page.locator("#report-block").isHidden());
    await page.locator("#pairs-text").fill("");
    await page.locator("#pairs-error:empty").waitFor({ state: "attached" });
  },

  "a run is paused, goes on, is saved, and is forgotten only after a question": async (stage) => {
    await using watched = await openFake(stage);
    const { page, problems } = watched;
    await page.locator("#start-training").press("Enter");
    const pause = page.locator("#pause");
    await pause.press("Enter");
    await page.locator("#state-text", { hasText: "Paused" }).waitFor();
    assertEquals(await pause.textContent(), "Go on");
    assertEquals(await page.locator("#notes p").allTextContents(), ["The run is kept here"]);
    const download = page.waitForEvent("download");
    await page.locator("#save").press("Enter");
    assertEquals((await download).suggestedFilename(), "run.txt");
    await pause.press("Enter");
    await page.locator("#state-text", { hasText: "Ended" }).waitFor();
    assert(await pause.isDisabled());
    await page.locator("#forget").click();
    await page.keyboard.press("Escape");
    assert(await page.locator("#controls").isVisible());
    await page.locator("#forget").click();
    await page.locator("#forget-surely").click();
    await page.locator("#training").waitFor();
    assert(await page.locator("#back").isHidden());
    assertEquals(problems, []);
  },

  "the run that the browser keeps is offered, and a file that is no checkpoint is refused": async (
    stage,
  ) => {
    await using watched = await openFake(stage, {
      kept: { title: "addition, 2 digits", step: 1234, steps: 5600, savedAt: 0 },
    });
    const { page, problems } = watched;
    await page.locator("#kept-text", { hasText: "Step 1,234 of 5,600" }).waitFor();
    await page.locator("#checkpoint-file").setInputFiles({
      name: "some.safetensors",
      mimeType: "application/octet-stream",
      buffer: Buffer.of(1, 2, 3),
    });
    await page.locator("#start-error", { hasText: "it is no checkpoint" }).waitFor();
    await page.locator("#kept-open").click();
    await page.locator("#state-text", { hasText: "Paused" }).waitFor();
    await page.locator("#new").click();
    await page.locator("#back").waitFor();
    assert(await page.locator("#kept").isHidden(), "the run is both here and offered");
    assert(await page.locator(".replaces").isVisible());
    await page.locator("#back").click();
    await page.locator("#controls").waitFor();
    assertEquals(problems, []);
  },

  "axe finds nothing serious in any view, in light and dark, wide and narrow": async (stage) => {
    for (const [colorScheme, width] of [["light", 1280], ["dark", 360]] as const) {
      await using watched = await openFake(stage, {
        kept: { title: "addition", step: 1, steps: 2, savedAt: 0 },
      }, { colorScheme, viewport: { width, height: 800 } });
      const { page, problems } = watched;
      const examine = async (): Promise<void> => {
        assertEquals(await findSerious(page), []);
        assertEquals(await page.evaluate("document.documentElement.scrollWidth"), width);
      };
      await page.locator("#kept").waitFor();
      await page.locator("#options > summary").click();
      await examine();
      await page.locator("#task input[value=pairs]").check();
      await page.locator("#pairs-text").fill("one\t1");
      await page.locator("#report-details > summary").click();
      await examine();
      await page.locator("#start-training").click();
      await page.locator("#learned").waitFor();
      await examine();
      await page.locator("#forget").click();
      await examine();
      assertEquals(problems, []);
    }
  },
};

/** Opens the page with what the fake tells. */
async function openFake(
  { browser, recorded, address }: Stage,
  changes: Partial<Recorded> = {},
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const { updates, answers } = recorded;
  const answered = await recorded.ask("12+34");
  const told: Recorded = { updates, answers, answered, kept: null, checked: CHECKED, ...changes };
  const script = `globalThis.recorded = ${JSON.stringify(told)};`;
  return await openWatched(browser, address, { ...options, script });
}

/** In the page: gives the name and the text of the pairs of every training. */
const READ_PAIRS = "calls.map(({ task }) => [task.name, new TextDecoder().decode(task.bytes)])";

/** In the page: drops a file. */
function DROP(text: string): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "dropped.tsv"));
  const options = { dataTransfer, bubbles: true, cancelable: true };
  document.querySelector("#drop")!.dispatchEvent(new DragEvent("drop", options));
}

/** In the page: pastes a text. */
function PASTE(text: string): void {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const options = { clipboardData, bubbles: true, cancelable: true };
  document.querySelector("#pairs-text")!.dispatchEvent(new ClipboardEvent("paste", options));
}
