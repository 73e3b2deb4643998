/** Chromium without a window, where there is one. @module */
import type { Browser } from "playwright-core";
import { canRun } from "../permissions.ts";

/** Where Debian and others put it. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of the browser, undefined where there is none: its tests are ignored, by name. */
export const CHROMIUM: string | undefined = canRun ? findChromium() : undefined;

function findChromium(): string | undefined {
  return PLACES.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}

/** Starts it with an empty profile of its own; it is told to be silent on the net. @param more arguments */
export async function launchBrowser(
  more: readonly string[] = [],
): Promise<Browser & AsyncDisposable> {
  const { chromium } = await import("playwright-core"); // not before: it asks for permissions
  return await chromium.launch({
    executablePath: CHROMIUM!,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage", // in containers /dev/shm is small, and a browser that fills it dies
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      ...more,
    ],
  });
}
