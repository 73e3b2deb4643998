import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { renderPage } from "../../src/dashboard/export_page.ts";
import { PAGE_ASSETS } from "../../src/dashboard/page_assets.ts";
import { questionsBehind } from "../../src/dashboard/page/behind_cell.ts";
import { taskOf } from "../../src/dashboard/page/task.ts";
import type { Answered, RunUpdate } from "../../src/dashboard/protocol.ts";
import { inFolder, kill, runCarry, TINY_ARGUMENTS } from "../reliability/carry_process.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";
import { findSerious } from "./find_serious.ts";
import { type RecordedRun, recordRun } from "./recorded_run.ts";
import { type Script, serveScript } from "./scripted_server.ts";
import { openWatched } from "./watched_page.ts";

const RECIPE = {
  name: "run-0001",
  problem: { digits: 2, examples: 900 },
  hiddenSize: 16,
  training: { epochs: 4, batchSize: 32 },
};

/** What the steps below share: one browser, one training, one build. */
interface Stage {
  readonly browser: Browser;
  readonly recorded: RecordedRun;
  /** What a server says that has told of two epochs. */
  readonly script: Script;
}

Deno.test({
  name: "the page in Chromium",
  ignore: CHROMIUM === undefined,
  async fn(t): Promise<void> {
    const recorded = await recordRun(RECIPE);
    await using browser = await launchBrowser();
    const script = { ...recorded, files: PAGE_ASSETS, greeting: recorded.updates.slice(0, 3) };
    const stage = { browser, recorded, script };
    for (const [name, check] of Object.entries(CHECKS)) await t.step(name, () => check(stage));
  },
});

const CHECKS: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "curves have as many points as were told, and grow": async ({ browser, recorded, script }) => {
    await using server = serveScript(script);
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    const told = countSteps(recorded.updates.slice(0, 3));
    await page.locator(pointsOf("loss", told, 2)).waitFor();
    await page.locator(pointsOf("exact-match", 0, 2)).waitFor();
    await page.locator(pointsOf("learning-rate", told, 0)).waitFor();
    for (const update of recorded.updates.slice(3)) server.tell(update);
    const all = countSteps(recorded.updates);
    await page.locator(pointsOf("loss", all, 4)).waitFor();
    await page.locator(pointsOf("characters", all, 4)).waitFor();
    assertEquals(await page.locator("#state-text").textContent(), "Ended: all epochs are done");
    assertEquals(await page.locator("#epoch-table tbody tr").count(), 4);
    for (const choice of ["#x-axis", "#loss-scale"]) {
      await page.locator(`${choice} input`).nth(1).check();
      await page.locator(pointsOf("loss", all, 4)).waitFor();
    }
    assertEquals(problems, []);
  },

  "a real training is shown live, with every step and epoch of its log": ({ browser }) =>
    inFolder(async (folder) => {
      const run = `${folder}/run`;
      let looked: Promise<unknown> | undefined;
      const args = ["train", "--dashboard", ...TINY_ARGUMENTS, "--epochs=40", `--run=${run}`];
      const { stderr } = await runCarry(args, {
        permissions: ["-A"],
        onLine(line, child): void {
          const address = /^Watch it at (\S+)$/.exec(line)?.[1];
          if (address === undefined) return;
          looked = watchToTheEnd(browser, address, run)
            .then(() => undefined, (error) => error)
            .finally(() => kill(child, "SIGINT"));
        },
      });
      assert(looked !== undefined, stderr);
      const problem = await looked;
      if (problem !== undefined) throw problem;
    }),

  "100,000 steps are drawn, every one of them": async ({ browser, recorded, script }) => {
    const step = Array.from({ length: 100_000 }, (_, i) => i + 1);
    const loss = step.map((n) => 2 / Math.sqrt(n));
    const learningRate = step.map(() => 0.001);
    const steps = { step, loss, characterAccuracy: loss.map((y) => 1 - y / 2), learningRate };
    const greeting = [{ ...recorded.updates[0]!, steps }];
    await using server = serveScript({ ...script, greeting });
    await using watched = await openWatched(browser, server.address);
    await watched.page.locator(pointsOf("loss", 100_000, 0)).waitFor();
    assertEquals(watched.problems, []);
  },

  "several runs are compared, and each can be switched off": async (
    { browser, recorded, script },
  ) => {
    const second = recorded.updates.slice(0, 2).map((u) => ({ ...u, run: 1, name: "run-0002" }));
    await using server = serveScript({ ...script, greeting: [...script.greeting, ...second] });
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    const [first, other] = [countSteps(script.greeting), countSteps(second)];
    await page.locator(pointsOf("loss", first + other, 3)).waitFor();
    await page.getByRole("button", { name: "run-0001" }).click();
    await page.locator(pointsOf("loss", other, 1)).waitFor();
    await page.locator("#run-picker").selectOption({ label: "run-0002" });
    await page.locator("#step", { hasText: String(other) }).waitFor();
    assertEquals(problems, []);
  },

  "samples follow the newest epoch until the reader moves": async (
    { browser, recorded, script },
  ) => {
    await using server = serveScript(script);
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    const label = page.locator("#samples-epoch .epoch-label");
    await label.getByText("Epoch 2").waitFor();
    server.tell(recorded.updates[3]!);
    await label.getByText("Epoch 3").waitFor();
    assertEquals(await page.locator("#samples tbody tr").count(), 5);
    const shown = await page.locator("#samples tbody tr").first().textContent();
    const { question, target, guess } = recorded.updates[3]!.samples![0]!.samples[0]!;
    assert(shown!.startsWith(`${question}${target}${guess === target ? "☑" : "☒"}`), shown!);
    await page.getByRole("button", { name: "Previous epoch of the samples" }).click();
    await label.getByText("Epoch 2").waitFor();
    server.tell(recorded.updates[4]!);
    await page.locator("#learned-epoch .epoch-label").getByText("Epoch 4").waitFor();
    assertEquals(await label.textContent(), "Epoch 2");
    assertEquals(problems, []);
  },

  "a question is answered by the server while training goes on": async (
    { browser, recorded, script },
  ) => {
    await using server = serveScript(script);
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    await page.locator("#learned").waitFor();
    await askPage(page, "12+34");
    const expected = await recorded.ask("12+34");
    assertEquals(await page.locator("#answer .characters").textContent(), expected.answer);
    const cells = expected.probabilities.length * expected.probabilities[0]!.length;
    assertEquals(await page.locator(".heat tbody td").count(), cells);
    assertEquals(await page.locator(".source").getAttribute("data-by"), "server");
    await askPage(page, "1+1");
    assertEquals(await page.locator("#history li").count(), 1);
    assertEquals(problems, []);
    await page.fill("#question", "12345+1");
    await page.press("#question", "Enter");
    await page.locator("#ask-error", { hasText: "up to 2 digits" }).waitFor();
  },

  "the best answers and the attention of an answer are shown": async (
    { browser, recorded, script },
  ) => {
    const attention = {
      question: ["1", "+", "\u0301"],
      answer: ["2"],
      weights: [[0.7, 0.296, 0.004]],
    };
    const ask = async (question: string): Promise<Answered> => ({
      ...await recorded.ask(question),
      attention,
    });
    await using server = serveScript({ ...script, ask });
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    await page.locator("#learned").waitFor();
    await askPage(page, "1+1");
    const { alternatives } = await recorded.ask("1+1");
    assert(alternatives.length > 1);
    const shown = page.locator(".alternatives li");
    assertEquals(
      await shown.locator("bdi").allTextContents(),
      alternatives.map(({ answer }) => answer || "nothing"),
    );
    const map = page.getByRole("region", { name: /^Attention in percent/ });
    assertEquals(await map.locator("thead th").allTextContents(), ["1", "+", "◌\u0301"]);
    assertEquals(await map.locator("tbody th").allTextContents(), ["2"]);
    assertEquals(await map.locator("tbody td").allTextContents(), ["70", "30", "·"]);
    assertEquals(await map.locator("td.best").allTextContents(), ["70"]);
    await map.focus(); // it can be scrolled by keyboard
    const axeProblems = await findSerious(page, "#answer");
    assertEquals(axeProblems, []);
    assertEquals(problems, []);
  },

  "a run that is over is asked in the browser": async ({ browser, recorded, script }) => {
    await using server = serveScript({ ...script, greeting: recorded.updates });
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    await page.locator("#state[data-state=ended]").waitFor();
    await askPage(page, "35+61");
    const { answer, step } = await recorded.ask("35+61");
    assertEquals(await page.locator("#answer .characters").textContent(), answer);
    assertEquals(await page.locator(".source").getAttribute("data-by"), "browser");
    assert((await page.locator(".source").textContent())!.endsWith(`step ${step}`));
    assertEquals(problems, []);
  },

  "an exported page opens from disk, and answers": async ({ browser, recorded }) => {
    const html = await renderPage(PAGE_ASSETS, {
      update: mergeUpdates(recorded.updates),
      answers: recorded.answers,
      model: recorded.model.toBase64(),
    });
    const path = await Deno.makeTempFile({ suffix: ".html" });
    try {
      await Deno.writeTextFile(path, html);
      await using watched = await openWatched(browser, `file://${path}`);
      const { page, problems } = watched;
      await page.locator(pointsOf("loss", countSteps(recorded.updates), 4)).waitFor();
      await askPage(page, "35+61");
      const { answer } = await recorded.ask("35+61");
      assertEquals(await page.locator("#answer .characters").textContent(), answer);
      assertEquals(await page.locator(".source").getAttribute("data-by"), "browser");
      await page.locator("#groups button").first().click();
      await page.locator("#questions-list tbody tr").first().waitFor();
      assertEquals(problems, []);
    } finally {
      await Deno.remove(path);
    }
  },

  "a cell lists the questions behind it, by keyboard alone": async (
    { browser, recorded, script },
  ) => {
    await using server = serveScript(script);
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    await page.locator("#learned").waitFor();
    await page.locator("#groups button").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator("#questions-list tbody tr").first().waitFor();
    const behind = questionsBehind(
      recorded.answers,
      { kind: "group", groups: recorded.updates[2]!.learned![0]!.groups[0]!, key: "1" },
      taskOf(recorded.updates[0]!.start!),
    );
    const wrong = behind.filter(({ right }) => !right).length;
    const summary = await page.locator("#questions-summary").textContent();
    assert(summary!.startsWith(`${wrong} of ${behind.length} answers are wrong,`), summary!);
    await page.keyboard.press("Escape");
    assertEquals(await page.locator("#questions[open]").count(), 0);
    const focused = await page.evaluate("document.activeElement.dataset.cell");
    assertEquals(focused, "carries 1");
    assertEquals(problems, []);
  },

  "the page connects again by itself, and shows what the new server tells": async (
    { browser, recorded, script },
  ) => {
    const first = serveScript(script);
    await using watched = await openWatched(browser, first.address);
    const { page, problems } = watched;
    await page.locator(pointsOf("loss", countSteps(script.greeting), 2)).waitFor();
    await first[Symbol.asyncDispose]();
    await page.locator("#state[data-state=lost]").waitFor();
    assert(await page.locator("#notice").isVisible());
    const greeting = mergeUpdates(recorded.updates.slice(0, 2));
    await using _second = serveScript({ ...script, greeting: [greeting] }, first.port);
    await page.locator(pointsOf("loss", countSteps([greeting]), 1)).waitFor();
    await page.locator("#state[data-state=training]").waitFor();
    assertEquals(problems.filter((text) => !text.includes("ERR_CONNECTION")), []);
  },

  "another run in the same place leaves nothing of the one before": async (
    { browser, recorded, script },
  ) => {
    await using server = serveScript({ ...script, greeting: recorded.updates });
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    await page.locator("#state[data-state=ended]").waitFor();
    for (const question of ["1+1", "2+2"]) await askPage(page, question);
    assertEquals(await page.locator("#history li").count(), 1);
    await page.locator("#groups button").first().click();
    await page.locator("#questions-list tbody tr").first().waitFor();
    const [begun, ...news] = recorded.updates as [RunUpdate, ...RunUpdate[]];
    server.tell({ ...begun, start: { ...begun.start!, runId: "another-run" } });
    await page.locator("#questions:not([open])").waitFor({ state: "attached" });
    await page.locator("#answer .empty").waitFor();
    assert(await page.locator("#history-block").isHidden());
    for (const update of news) server.tell(update);
    await page.locator("#state[data-state=ended]").waitFor();
    await page.locator(pointsOf("loss", countSteps(recorded.updates), 4)).waitFor();
    const models: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/model")) models.push(request.url());
    });
    await askPage(page, "3+3");
    assertEquals([models.length, await page.locator(".source").getAttribute("data-by")], [
      1,
      "browser",
    ]);
    assertEquals(problems, []);
  },

  "the address loses its token, and a reload keeps it": async ({ browser, script }) => {
    await using server = serveScript(script);
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    const bare = server.address.replace(/#.*/, "");
    await page.locator("#learned").waitFor();
    assertEquals(page.url(), bare);
    await page.reload();
    await page.locator("#learned").waitFor();
    await page.evaluate("location.hash = '#main'"); // as the link that skips to the curves
    await askPage(page, "1+1");
    await page.evaluate("location.hash = '#another-token-0123'"); // as an address that is pasted
    await page.waitForURL(bare);
    await page.fill("#question", "2+2");
    await page.press("#question", "Enter");
    await page.locator("#ask-error", { hasText: "the token is missing or wrong" }).waitFor();
    await page.evaluate(`location.hash = ${JSON.stringify(new URL(server.address).hash)}`);
    await page.waitForURL(bare);
    await askPage(page, "2+2");
    assertEquals(problems.filter((text) => !text.includes("401")), []);
  },

  "what others wrote is shown as text": async ({ browser, recorded, script }) => {
    const hostile = "<img src=x onerror=\"document.title='owned'\">";
    const [start, epoch] = recorded.updates as [RunUpdate, RunUpdate];
    const sample = { ...epoch.samples![0]!.samples[0]!, question: hostile, guess: hostile };
    const told = { ...epoch, name: hostile, samples: [{ epoch: 1, samples: [sample] }] };
    const begun = { ...start.start!, run: hostile, backend: { name: hostile, reason: hostile } };
    const greeting = [{ ...start, start: begun }, told];
    const answers = { ...recorded.answers, guesses: recorded.answers.guesses.map(() => hostile) };
    const ask = (question: string): ReturnType<Script["ask"]> =>
      recorded.ask("1+1").then((answered) => ({ ...answered, question, answer: hostile }));
    await using server = serveScript({ ...script, greeting, answers, ask });
    await using watched = await openWatched(browser, server.address);
    const { page, problems } = watched;
    await page.locator("#learned").waitFor();
    assertEquals(await page.locator("#run-name").textContent(), hostile);
    await askPage(page, hostile);
    await page.locator("#groups button").first().click();
    await page.locator("#questions-list tbody tr").first().waitFor();
    assertEquals(await page.locator("img").count(), 0);
    assert(!(await page.title()).startsWith("owned"));
    assertEquals(problems, []);
  },

  "the page asks the problem what a question is, which groups there are, and what is right": async (
    { browser },
  ) => {
    const recorded = await recordRun({
      name: "dates",
      problem: { name: "dates", examples: 500 },
      hiddenSize: 8,
      training: { epochs: 1, batchSize: 32 },
    });
    await using server = serveScript({
      ...{ ...recorded, files: PAGE_ASSETS, greeting: recorded.updates },
    });
    const viewport = { width: 360, height: 800 };
    await using watched = await openWatched(browser, server.address, { viewport });
    const { page, problems } = watched;
    await page.locator("#learned").waitFor();
    const titles = await page.locator("#groups h3").allTextContents();
    assertEquals(titles, ["Format", "Month"]);
    assert((await page.locator("#unasked").textContent())!.startsWith("Type a date from 1930"));
    await page.fill("#question", "march 3 2021");
    await page.press("#question", "Enter");
    await page.locator(".equation .asked", { hasText: "March 3, 2021 →" }).waitFor();
    const hints = await page.locator("#answer .hint").allTextContents();
    assert(hints.includes('Read "march 3 2021" as "March 3, 2021"'), hints.join("; "));
    assert(hints.includes("Correct answer: 2021-03-03"), hints.join("; "));
    await page.getByRole("button", { name: "Format: 3.3.2021" }).click();
    await page.locator("#questions-title", { hasText: "Format: 3.3.2021" }).waitFor();
    await page.locator("#questions-list tbody tr").first().waitFor();
    await page.keyboard.press("Escape");
    assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 360);
    assertEquals(problems, []);
    await page.fill("#question", "soon");
    await page.press("#question", "Enter");
    await page.locator("#ask-error", { hasText: "a question must be a date" }).waitFor();
  },

  "a question of thousands of characters scrolls in its table, and the page stays as wide": async (
    { browser, recorded, script },
  ) => {
    const greeting = recorded.updates.slice(0, 3).map((update) => ({
      ...update,
      ...(update.samples && {
        samples: update.samples.map((each) => ({
          ...each,
          samples: each.samples.map((sample) => ({ ...sample, question: "1".repeat(4096) })),
        })),
      }),
    }));
    await using server = serveScript({ ...script, greeting });
    const viewport = { width: 1280, height: 800 };
    await using watched = await openWatched(browser, server.address, { viewport });
    const { page, problems } = watched;
    await page.locator("#samples td", { hasText: "1111" }).first().waitFor();
    assert(await page.evaluate("document.querySelector('#samples').scrollWidth") as number > 9999);
    assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 1280);
    assertEquals(problems, []);
  },

  "axe finds nothing serious, in light and dark, wide and narrow": async (
    { browser, recorded, script },
  ) => {
    await using server = serveScript({ ...script, greeting: recorded.updates.slice(0, 4) });
    for (const [colorScheme, width] of [["light", 1280], ["dark", 360]] as const) {
      const viewport = { width, height: 800 };
      await using watched = await openWatched(browser, server.address, { colorScheme, viewport });
      const { page, problems } = watched;
      await page.locator("#learned").waitFor();
      await askPage(page, "12+34");
      assertEquals(await page.evaluate("document.documentElement.scrollWidth"), width);
      assertEquals(await findSerious(page), []);
      if (colorScheme === "dark") {
        await page.locator("#confusion button").first().click();
        await page.locator("#questions-list tbody tr").first().waitFor();
        assertEquals(await findSerious(page, "#questions"), []);
      }
      assertEquals(problems, []);
    }
  },

  "the theme that was chosen is remembered": async ({ browser, script }) => {
    await using server = serveScript(script);
    await using watched = await openWatched(browser, server.address, { colorScheme: "light" });
    const { page } = watched;
    const ground = "getComputedStyle(document.body).backgroundColor";
    const light = await page.evaluate(ground);
    await page.getByRole("radio", { name: "Dark" }).check();
    const dark = await page.evaluate(ground);
    assert(light !== dark);
    await page.reload();
    assertEquals(await page.evaluate(ground), dark);
  },

  "a wrong token is said, and nothing is shown": async ({ browser, script }) => {
    await using server = serveScript(script);
    await using watched = await openWatched(browser, server.address.replace(/#.*/, "#wrong"));
    await watched.page.locator("#state[data-state=refused]").waitFor();
    const notice = await watched.page.locator("#notice").textContent();
    assert(notice!.includes("the token is missing or wrong"), notice!);
  },
};

async function watchToTheEnd(browser: Browser, address: string, run: string): Promise<void> {
  await using watched = await openWatched(browser, address);
  const { page, problems } = watched;
  await page.locator("#state[data-state=ended]").waitFor();
  const log = await Deno.readTextFile(`${run}/events.jsonl`);
  const count = (event: string): number => log.split(`{"event":"${event}"`).length - 1;
  assert(count("step") > 200 && count("epoch") === 40);
  await page.locator(pointsOf("loss", count("step"), count("epoch"))).waitFor();
  await askPage(page, "1+2");
  assertEquals(await page.locator(".source").getAttribute("data-by"), "browser");
  assertEquals(problems, []);
}

function countSteps(updates: readonly RunUpdate[]): number {
  return updates.reduce((sum, { steps }) => sum + (steps?.step.length ?? 0), 0);
}

function pointsOf(chart: string, steps: number, epochs: number): string {
  return `#chart-${chart}[data-step-points="${steps}"][data-epoch-points="${epochs}"]`;
}

async function askPage(page: Page, question: string): Promise<void> {
  await page.fill("#question", question);
  await page.press("#question", "Enter");
  await page.locator(".equation .asked", { hasText: `${question} =` }).waitFor();
}

/** All of a run as one update. */
function mergeUpdates(updates: readonly RunUpdate[]): RunUpdate {
  const columns = updates.flatMap(({ steps }) => steps === undefined ? [] : [steps]);
  return {
    ...updates[0]!,
    reset: true,
    steps: {
      step: columns.flatMap(({ step }) => step),
      loss: columns.flatMap(({ loss }) => loss),
      characterAccuracy: columns.flatMap(({ characterAccuracy }) => characterAccuracy),
      learningRate: columns.flatMap(({ learningRate }) => learningRate),
    },
    epochs: updates.flatMap(({ epochs }) => epochs ?? []),
    samples: updates.flatMap(({ samples }) => samples ?? []),
    learned: updates.flatMap(({ learned }) => learned ?? []),
    status: updates.at(-1)!.status,
  };
}
