/// <reference lib="dom" />
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { generateAddition } from "../../src/problem/addition.ts";
import { nameFields } from "../../src/playground/page/field_names.ts";
import { startPlaygroundServer } from "../../src/playground/playground_server.ts";
import { writePlayground } from "../../src/playground/write_playground.ts";
import { CHROMIUM, launchBrowser } from "../dashboard/browser.ts";
import { openWatched, type WatchedPage } from "../dashboard/watched_page.ts";
import { inFolder, kill, runCarry } from "../reliability/carry_process.ts";

/** A training of seconds. */
const TINY = { "problem-digits": "1", "model-hiddenSize": "8", "training-epochs": "2" };

Deno.test({
  name:
    "the playground trains sums of two digits to 99 % over a reload, and its exported page answers 200 of them",
  ignore: CHROMIUM === undefined,
  fn: () =>
    inFolder(async (folder) => {
      await using browser = await launchBrowser();
      await using served = await servePlayground(browser);
      const { page, problems } = served.watched;
      await begin(page, { "problem-digits": "2" });
      await page.locator("#learned-epoch .epoch-label").getByText(/Epoch ([3-9]|1\d)/).first()
        .waitFor();
      await ask(page, "12+34");
      await page.reload();
      await page.locator("#kept-open").click();
      await page.locator("#state-text").getByText("Paused").waitFor();
      const step = await readStep(page);
      assert(step > 0, "nothing was kept");
      await page.locator("#pause").click();
      await page.locator("#state[data-state=ended]").waitFor({ timeout: 300_000 });
      assertEquals(await page.locator("#epoch-table tbody tr").count(), 20);
      const exactMatch = await page.locator("#exact-match").textContent();
      assert(Number.parseFloat(exactMatch!) >= 99, exactMatch!);
      const exported = `${folder}/exported.html`;
      await download(page, "#export", exported);
      assertEquals(problems, []);
      await askExported(browser, exported);
    }),
});

Deno.test({
  name:
    "a checkpoint of the playground is resumed by the command line, and one of its goes on here",
  ignore: CHROMIUM === undefined,
  fn: () =>
    inFolder(async (folder) => {
      await using browser = await launchBrowser();
      await using served = await servePlayground(browser);
      const { page, problems } = served.watched;
      await begin(page, { ...TINY, "training-epochs": "20000" });
      await page.locator("#pause").click();
      await page.locator("#state-text").getByText("Paused").waitFor();
      const step = await readStep(page);
      const run = `${folder}/run`;
      await Deno.mkdir(run);
      const checkpoint = `${run}/latest.safetensors`;
      await download(page, "#save", checkpoint);
      const { code, stderr } = await runCarry(["train", "--resume", `--run=${run}`], {
        permissions: ["-A"],
        onLine: (line, child) =>
          line.includes("☑") || line.includes("☒") ? kill(child, "SIGINT") : {},
      });
      assertEquals(code, 130, stderr);
      await page.locator("#new").click();
      await page.locator("#checkpoint-file").setInputFiles(checkpoint);
      await page.locator("#state-text").getByText("Paused").waitFor();
      await page.waitForFunction(
        (before) =>
          Number.parseInt(document.querySelector("#step")!.textContent!.replaceAll(",", "")) >
            before,
        step,
      );
      assertEquals(problems, []);
    }),
});

Deno.test({
  name:
    "hostile pairs are refused with the sentence of the command line, its fields named, as text",
  ignore: CHROMIUM === undefined,
  fn: () =>
    inFolder(async (folder) => {
      await using browser = await launchBrowser();
      await using served = await servePlayground(browser);
      const { page, problems } = served.watched;
      await page.locator("#task input[value=pairs]").check();
      for (const [name, bytes] of HOSTILE) {
        const path = `${folder}/${name}`;
        await Deno.writeFile(path, bytes);
        const { code, stderr } = await runCarry(["check", path], { permissions: ["-A"] });
        assert(code !== 0, name);
        await page.locator("#pairs-file").setInputFiles(path); // empties the error of the file before
        const shown = page.locator("#pairs-error:not(:empty)");
        await shown.waitFor();
        const sentence = nameFields(stderr.trim().replaceAll(`${folder}/`, ""));
        assertEquals(await shown.textContent(), sentence, name);
        await page.locator("#start-training").click();
        await page.locator("#start-error:not(:empty)").waitFor();
        assert(await page.locator("#training").isVisible(), name);
      }
      assertEquals(await page.locator("img, b").count(), 0);
      assertEquals(problems, []);
    }),
});

Deno.test({
  name: "a training that is being prepared is given up, and another one can begin",
  ignore: CHROMIUM === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/long.tsv`;
      await Deno.writeTextFile(
        path,
        Array.from({ length: 1e6 }, (_, i) => `${i}\t${i}\n`).join(""),
      );
      await using browser = await launchBrowser();
      await using served = await servePlayground(browser);
      const { page, problems } = served.watched;
      await page.locator("#task input[value=pairs]").check();
      await page.locator("#pairs-file").setInputFiles(path);
      await page.locator("#start-training").click();
      await page.locator("#cancel").click();
      await page.locator("#start-error", { hasText: "Stopped before the training" }).waitFor();
      assert(await page.locator("#cancel").isHidden());
      await page.locator("#task input[value=made]").check();
      await begin(page, TINY);
      await page.locator("#state[data-state=ended]").waitFor();
      assertEquals(problems, []);
    }),
});

Deno.test({
  name: "pairs of a file are learned in the playground from disk, and answer",
  ignore: CHROMIUM === undefined,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/playground.html`;
      await Deno.writeTextFile(path, await writePlayground());
      await using browser = await launchBrowser();
      await using watched = await openWatched(browser, `file://${path}`);
      const { page, problems } = watched;
      await page.locator("#task input[value=pairs]").check();
      const lines = Array.from({ length: 60 }, (_, i) => `<b>${i}</b>\u202e\t&amp;${i % 3}\n`);
      await page.locator("#pairs-text").fill(lines.join(""));
      await page.locator("#advice li").first().waitFor();
      assertMatch((await page.locator("#report").textContent())!, /^Data: pasted\.tsv\n/);
      await begin(page, { "model-hiddenSize": "8", "training-epochs": "1" });
      await page.locator("#state[data-state=ended]").waitFor();
      await page.locator("#question").fill("<b>7</b>\u202e");
      await page.locator("#question").press("Enter");
      await page.locator("#answer .source").waitFor();
      assertEquals(await page.locator("main b, main img").count(), 0);
      assertEquals(problems, []);
    }),
});

Deno.test({
  name: "the playground trains on a software adapter, if it is asked to",
  ignore: CHROMIUM === undefined,
  async fn(): Promise<void> {
    await using browser = await launchBrowser(["--enable-unsafe-webgpu"]);
    await using served = await servePlayground(browser);
    const { page, problems } = served.watched;
    await begin(page, { ...TINY, "device-backend": "webgpu" });
    await page.locator("#state[data-state=ended]").waitFor();
    assertMatch((await page.locator("#backend").textContent())!, /^webgpu: software adapter/);
    await ask(page, "1+2");
    assertEquals(problems, []);
  },
});

Deno.test({
  name: "twenty trainings, one after the other, leave no memory and no worker behind",
  ignore: CHROMIUM === undefined,
  async fn(): Promise<void> {
    await using browser = await launchBrowser();
    await using served = await servePlayground(browser);
    const { page, problems } = served.watched;
    const sizes: number[] = [];
    await page.locator("#options > summary").click();
    for (let i = 0; i < 20; i++) {
      await begin(page, TINY);
      await page.locator("#state[data-state=ended]").waitFor();
      if (i === 4 || i === 19) sizes.push(await measureMemory(page));
      await page.locator("#new").click();
    }
    const [after5, after20] = sizes as [number, number];
    assert(after20 < after5 + 4e6, `${after5} bytes after 5 trainings, ${after20} after 20`);
    assertEquals(problems, []);
  },
});

/** Files that no model can learn from, and what could harm a page. */
const HOSTILE: readonly (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[] = [
  ["empty.tsv", ""],
  ["one-column.tsv", "<img src=x onerror=alert(1)>\n"],
  ["bidi.tsv", "\u202e<b>a</b>\t1\n\u202eonly one\n"],
  ["no-answer.tsv", "1+1\t\n"],
  ["no-json.jsonl", '{"question": "1+1", "answer": \n'],
  ["a-million.tsv", `${"1+1\t2\n".repeat(999_999)}the last line\n`],
  ["long.tsv", `${"x".repeat(100_000)}\ty\n`],
].map(([name, text]) => [name!, new TextEncoder().encode(text)]);

interface ServedPlayground extends AsyncDisposable {
  readonly watched: WatchedPage;
}

/** Serves the page and opens it. */
async function servePlayground(browser: Browser): Promise<ServedPlayground> {
  const errors: unknown[] = [];
  const server = await startPlaygroundServer({ port: 0, reportError: (e) => errors.push(e) });
  const watched = await openWatched(browser, server.url);
  return {
    watched,
    async [Symbol.asyncDispose](): Promise<void> {
      await watched[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      assertEquals(errors, []);
    },
  };
}

/** Fills fields in, by their ids, and starts a training. */
async function begin(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.locator("#options").evaluate((details) => (details as HTMLDetailsElement).open = true);
  for (const [id, value] of Object.entries(fields)) {
    const field = page.locator(`#${id}`);
    const isChoice = await field.evaluate((node) => node instanceof HTMLSelectElement);
    await (isChoice ? field.selectOption(value) : field.fill(value));
  }
  await page.locator("#start-training").click();
  await page.locator("#controls").waitFor();
}

async function ask(page: Page, question: string): Promise<void> {
  await page.locator("#question").fill(question);
  await page.locator("#question").press("Enter");
  await page.locator(".equation .asked", { hasText: `${question} =` }).waitFor();
}

async function readStep(page: Page): Promise<number> {
  const text = await page.locator("#step").textContent();
  return Number.parseInt(text!.replaceAll(",", ""));
}

async function download(page: Page, button: string, path: string): Promise<void> {
  const started = page.waitForEvent("download");
  await page.locator(button).click();
  await (await started).saveAs(path);
}

/** Asks an exported page 200 sums. */
async function askExported(browser: Browser, path: string): Promise<void> {
  await using watched = await openWatched(browser, `file://${path}`, {});
  const { page, problems } = watched;
  const examples = [...generateAddition({ digits: 2, examples: 200, seed: 9 })];
  let right = 0;
  for (const { question, answer } of examples) {
    await ask(page, question);
    if (await page.locator("#answer .characters").textContent() === answer) right++;
  }
  assert(right >= 196, `${right} of 200 answers are right`);
  assertEquals(await page.locator(".source").getAttribute("data-by"), "browser");
  assertEquals(problems, []);
}

/** Measures the memory of the page and of its workers after the garbage was collected. */
async function measureMemory(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const measure = Reflect.get(performance, "measureUserAgentSpecificMemory");
    return (await measure.call(performance)).bytes;
  });
}
