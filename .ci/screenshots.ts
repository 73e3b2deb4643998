/**
 * Trains a run of three digits and takes screenshots of the page that shows it, then of the playground.
 *
 * `deno run -A .ci/screenshots.ts FOLDER`. The README shows wide-light.png, learned-dark.png and playground-pairs.png; the others are
 * for reviews of changes to the pages. If pngquant is installed, it makes them smaller.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Browser } from "playwright-core";
import { startPlaygroundServer } from "../src/playground/playground_server.ts";
import { createProblem, findKind, resolveProblem } from "../src/problem/registry.ts";
import { CHROMIUM, launchBrowser } from "../tests/dashboard/browser.ts";
import { type RecordedRun, recordRun } from "../tests/dashboard/recorded_run.ts";
import { serveScript } from "../tests/dashboard/scripted_server.ts";
import { buildDashboard } from "./build_page.ts";

/** The screenshots: the part of the page in the window, another part, or the whole page. */
const SHOTS = [
  { name: "wide-light", width: 1280, height: 1240, colorScheme: "light", part: "window" },
  {
    name: "learned-dark",
    width: 1280,
    height: 900,
    colorScheme: "dark",
    part: "section:has(> #learned)",
  },
  { name: "all-wide-dark", width: 1280, height: 900, colorScheme: "dark", part: "all" },
  { name: "all-narrow-light", width: 390, height: 844, colorScheme: "light", part: "all" },
  { name: "all-narrow-dark", width: 390, height: 844, colorScheme: "dark", part: "all" },
] as const;

const RECIPE = {
  name: "run-0001",
  problem: { digits: 3, examples: 20_000, seed: 0 },
  hiddenSize: 96,
  training: { epochs: 8, batchSize: 64 },
};

/** Takes all screenshots of a recorded run. */
export async function takeScreenshots(recorded: RecordedRun, folder: string): Promise<void> {
  const script = { ...recorded, greeting: recorded.updates, files: await buildDashboard() };
  await using server = serveScript(script);
  await using browser = await launchBrowser();
  for (const shot of SHOTS) await takeScreenshot(browser, server.address, folder, shot);
}

async function takeScreenshot(
  browser: Browser,
  address: string,
  folder: string,
  { name, width, height, colorScheme, part }: typeof SHOTS[number],
): Promise<void> {
  const viewport = { width, height };
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
  await page.goto(address);
  await page.locator("#learned").waitFor();
  for (const question of ["99+1", "535+61"]) {
    await page.fill("#question", question);
    await page.press("#question", "Enter");
    await page.locator(".equation", { hasText: `${question} =` }).waitFor();
  }
  await page.evaluate("document.activeElement.blur()");
  const path = `${folder}/${name}.png`;
  if (part === "window" || part === "all") {
    await page.screenshot({ path, fullPage: part === "all" });
  } else await page.locator(part).screenshot({ path });
  await page.close();
  await makeSmall(path);
}

/** Pairs for the playground: dates as people write them. */
function* makePairs(): Generator<string, void> {
  const settings = resolveProblem({ name: "dates", examples: 8000 });
  const { layOut } = findKind("dates");
  const { generated } = createProblem(settings, layOut!(settings, true));
  for (const { question, answer } of generated!.examples()) yield `${question}\t${answer}\n`;
}

/** Takes screenshots of the playground, from its start to a training. */
async function takePlayground(folder: string): Promise<void> {
  await using server = await startPlaygroundServer({
    port: 0,
    reportError: (error) => {
      throw error;
    },
  });
  await using browser = await launchBrowser();
  for (const [width, colorScheme] of [[1100, "light"], [390, "dark"]] as const) {
    const viewport = { width, height: 800 };
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
    const take = async (name: string): Promise<void> => {
      const path = `${folder}/playground-${name}${width < 400 ? "-narrow" : ""}.png`;
      await page.screenshot({ path, fullPage: true });
      await makeSmall(path);
    };
    await page.goto(server.url);
    await take("start");
    await page.locator("#task input[value=pairs]").check();
    const buffer = Buffer.from([...makePairs()].join(""));
    const file = { name: "dates.tsv", mimeType: "text/plain", buffer };
    await page.locator("#pairs-file").setInputFiles(file);
    await page.locator("#report-block").waitFor();
    await take("pairs");
    await page.locator("#start-training").click();
    await page.locator("#learned").waitFor({ timeout: 300_000 });
    await page.fill("#question", "3 March 2021");
    await page.press("#question", "Enter");
    await page.locator("#answer .source").waitFor();
    await page.locator("#pause").click();
    await page.locator("#state-text", { hasText: "Paused" }).waitFor();
    await take("run");
    await page.close();
  }
}

/** Reduces a picture to 128 colours, which are enough for this page. */
async function makeSmall(path: string): Promise<void> {
  const args = ["--force", "--ext=.png", "--strip", "--speed=1", "128", path];
  try {
    await new Deno.Command("pngquant", { args }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined || CHROMIUM === undefined) {
    throw new Error(
      "Cannot take screenshots: a folder must be given, and Chromium must be installed",
    );
  }
  await takeScreenshots(await recordRun(RECIPE), folder);
  await takePlayground(folder);
}
