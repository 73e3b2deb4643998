/**
 * Trains a run of three digits and takes pictures of the page, light and dark, wide and narrow.
 *
 * `deno run -A .ci/screenshots.ts FOLDER`; PNGs, made small with pngquant where it is installed.
 *
 * @module
 */
import { CHROMIUM, launchBrowser } from "../tests/dashboard/browser.ts";
import { recordRun } from "../tests/dashboard/recorded_run.ts";
import { serveScript } from "../tests/dashboard/scripted_server.ts";
import { buildPage } from "./build_page.ts";

const SHOTS = [
  { name: "wide-light", width: 1280, height: 900, colorScheme: "light" },
  { name: "wide-dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "narrow-light", width: 390, height: 844, colorScheme: "light" },
  { name: "narrow-dark", width: 390, height: 844, colorScheme: "dark" },
] as const;

/** Takes all pictures. */
async function takeScreenshots(folder: string): Promise<void> {
  const recipe = {
    name: "run-0001",
    problem: { digits: 3, examples: 20_000, seed: 0 },
    hiddenSize: 96,
    training: { epochs: 8, batchSize: 64 },
  };
  const recorded = await recordRun(recipe);
  const greeting = recorded.updates.slice(0, 7);
  const files = await buildPage();
  await using server = serveScript({ ...recorded, greeting, files });
  await using browser = await launchBrowser();
  for (const { name, width, height, colorScheme } of SHOTS) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(server.address);
    for (const question of ["99+1", "535+61"]) {
      await page.fill("#question", question);
      await page.press("#question", "Enter");
      await page.waitForSelector(`.equation:has-text("${question} =")`);
    }
    await page.evaluate("document.activeElement.blur()");
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
    await page.close();
  }
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (folder === undefined || CHROMIUM === undefined) {
    throw new Error("Cannot take screenshots: a folder must be named, and Chromium installed");
  }
  await takeScreenshots(folder);
}
