/** A page of the browser that notes everything which should not happen. @module */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page and what went wrong in it. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors on the console, violations of the policy among them; exceptions; requests that go elsewhere. */
  readonly problems: string[];
}

const COMMON: BrowserContextOptions = {
  viewport: { width: 1280, height: 900 },
  reducedMotion: "reduce",
};

/** Opens an address: with options as in a browser of its own, without them beside the others, which is quicker. */
export async function openWatched(
  browser: Browser,
  address: string,
  options?: BrowserContextOptions,
): Promise<WatchedPage> {
  const shared = options === undefined ? browser.contexts()[0] : undefined;
  const context = shared ?? await browser.newContext({ ...COMMON, ...options });
  context.setDefaultTimeout(60_000); // far more than it takes: a busy machine is no failure
  const page = await context.newPage();
  const problems: string[] = [];
  const { origin, protocol } = new URL(address);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const own = protocol === "file:" ? url.href === address : url.origin === origin;
    if (!own && url.protocol !== "data:") problems.push(`a request to ${request.url()}`);
  });
  await page.goto(address);
  return {
    page,
    problems,
    [Symbol.asyncDispose]: () => (options === undefined ? page : context).close(),
  };
}
