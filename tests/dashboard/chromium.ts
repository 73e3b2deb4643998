/** A Chromium without a window, for tests of pages. @module */
import { type Browser, chromium } from "playwright-core";
import { canRun } from "../permissions.ts";

const EXECUTABLE = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--remote-debugging-port=0",
];

/** Whether this machine has one that may be started. */
export const hasChromium: boolean = canRun && await isThere(EXECUTABLE);

/** Starts a browser with an empty profile, hands it over, and ends it. */
export async function withChromium(use: (browser: Browser) => Promise<void>): Promise<void> {
  const profile = await Deno.makeTempDir({ prefix: "carry-chromium-" });
  const child = new Deno.Command(EXECUTABLE, {
    args: [...FLAGS, `--user-data-dir=${profile}`],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  try {
    const browser = await chromium.connectOverCDP(await readAddress(child.stderr));
    try {
      await use(browser);
    } finally {
      const session = await browser.newBrowserCDPSession();
      await session.send("Browser.close").catch(() => {}); // the answer may be lost with the browser
      await browser.close();
    }
  } finally {
    try {
      child.kill();
    } catch { /* it has ended */ }
    await child.status;
    await Deno.remove(profile, { recursive: true });
  }
}

/** The browser says on standard error where it listens; what else it says there is read away. */
async function readAddress(stderr: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const [first, rest] = stderr.pipeThrough(new TextDecoderStream() as TransformStream).tee();
  void rest.pipeTo(new WritableStream());
  for await (const part of first) {
    text += part;
    const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`Chromium did not start: ${text}`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
