/** A page of the browser that notes everything which should not happen. @module */
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  ConsoleMessage,
  Page,
  Request,
} from "playwright-core";

/** A page and what went wrong in it. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors on the console, violations of the policy among them; exceptions; requests that go elsewhere. */
  readonly problems: string[];
}

/** What differs from the usual. */
export interface WatchedOptions extends BrowserContextOptions {
  /** A script that runs before those of the page. */
  readonly script?: string;
}

const COMMON: BrowserContextOptions = {
  viewport: { width: 1280, height: 900 },
  reducedMotion: "reduce",
};

/**
 * Opens an address: with options as in a browser of its own, without them where the last one without was, which takes half of the
 * time. Of what was there before nothing is left: every server has an origin of its own.
 */
export async function openWatched(
  browser: Browser,
  address: string,
  options?: WatchedOptions,
): Promise<WatchedPage> {
  const shared = options === undefined ? browser.contexts()[0] : undefined;
  const context = shared ?? await createContext(browser, options);
  const page = shared?.pages()[0] ?? await context.newPage();
  const { problems, stop } = watch(page, address);
  await page.goto(address);
  return {
    page,
    problems,
    async [Symbol.asyncDispose](): Promise<void> {
      stop();
      if (options !== undefined) await context.close();
      else await page.goto("about:blank").catch(() => page.close()); // ends its requests
    },
  };
}

async function createContext(
  browser: Browser,
  { script, ...options }: WatchedOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ ...COMMON, ...options });
  if (script !== undefined) await context.addInitScript(script);
  context.setDefaultTimeout(240_000); // far more than it takes: a busy machine is no failure
  return context;
}

/** Listens to a page until it is told to stop. */
function watch(page: Page, address: string): { problems: string[]; stop: () => void } {
  const problems: string[] = [];
  const { origin, protocol } = new URL(address);
  const hearMessage = (message: ConsoleMessage): void => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  };
  const hearError = (error: Error): number => problems.push(String(error));
  const hearRequest = (request: Request): void => {
    const url = new URL(request.url());
    const own = protocol === "file:" ? url.href === address : url.origin === origin;
    if (!own && !["data:", "blob:"].includes(url.protocol)) {
      problems.push(`a request to ${request.url()}`);
    }
  };
  page.on("console", hearMessage).on("pageerror", hearError).on("request", hearRequest);
  return {
    problems,
    stop: () =>
      void page.off("console", hearMessage).off("pageerror", hearError).off("request", hearRequest),
  };
}
