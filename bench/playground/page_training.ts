/// <reference lib="dom" />
/** Trains in the playground's page, in a real browser, and gives what the page says. @module */
import type { Browser, Page } from "playwright-core";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type { TimedTraining } from "./timed_training.ts";

/** Values of the form's fields by their identities in the page. */
export type Fields = Readonly<Record<string, string>>;

/** The page is given ten minutes for each thing: a slow machine is no fault. */
const PATIENCE_MS = 600_000;

/**
 * Trains in a new page, to the end.
 *
 * @throws {Error} if the training does not end
 */
export async function trainInPage(
  browser: Browser,
  url: string,
  fields: Fields,
): Promise<TimedTraining> {
  const context = await browser.newContext(); // with an empty store
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(watchTasks);
    await page.goto(url);
    await fill(page, fields);
    await page.evaluate(() => Reflect.get(globalThis, "longTasks").splice(0)); // loading and drawing the form are not training
    await page.locator("#start-training").click();
    await page.locator("#state[data-state=ended]").waitFor();
    const longTasks = await page.evaluate((): number[] => Reflect.get(globalThis, "longTasks"));
    const saving = page.waitForEvent("download");
    await page.locator("#save").click();
    const bytes = await Deno.readFile(await (await saving).path());
    const { progress: { history } } = await decodeCheckpoint(bytes);
    return { epochMs: history.map(({ elapsedMs }) => elapsedMs), longTasks };
  } finally {
    await context.close();
  }
}

/** Runs in the page before its own script: tasks of 50 ms or more are reported by the browser. Source: W3C, Long Tasks API. */
function watchTasks(): void {
  const tasks: number[] = [];
  Reflect.set(globalThis, "longTasks", tasks);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
}

async function fill(page: Page, fields: Fields): Promise<void> {
  await page.locator("#options").evaluate((details) => (details as HTMLDetailsElement).open = true);
  for (const [id, value] of Object.entries(fields)) {
    const field = page.locator(`#${id}`);
    const isChoice = await field.evaluate((node) => node instanceof HTMLSelectElement);
    await (isChoice ? field.selectOption(value) : field.fill(value));
  }
}
