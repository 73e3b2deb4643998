/** Pages that use exported files, as a browser shows them. @module */
import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import type { Browser, Page } from "playwright-core";
import { findInPackage, readNodePackage } from "./example_programs.ts";

/** Where the page is. */
const PAGE = "http://model.test/";
/** How the addresses of packages begin on the content delivery network: name, version and path follow. */
const PACKAGE = /^https:\/\/cdn\.jsdelivr\.net\/npm\/(.+)@([\d.]+)\/(.+)$/;

/** What is served. */
export interface Served {
  readonly html: string;
  /** The files beside the page. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Whether the content delivery network is reached. Its files are those of the installed packages. */
  readonly network: boolean;
}

/** Opens a page. No request leaves the computer. */
export async function openPage(browser: Browser, served: Served): Promise<Page> {
  const page = await browser.newPage();
  await page.route("**", async (route) => {
    const url = route.request().url();
    if (url === PAGE) return route.fulfill({ contentType: "text/html", body: served.html });
    if (url.startsWith(PAGE)) {
      const bytes = served.files.get(decodeURIComponent(url.slice(PAGE.length)));
      return route.fulfill(
        bytes === undefined ? { status: 404 } : { body: Buffer.from(bytes) },
      );
    }
    if (!served.network) return route.abort();
    return route.fulfill({
      path: await findPackageFile(url),
      headers: { "access-control-allow-origin": "*" },
    });
  });
  await page.goto(PAGE);
  return page;
}

/** Finds the file of an address of the network in the installed package, which must be of the same release. */
async function findPackageFile(url: string): Promise<string> {
  const [, name, version, path] = PACKAGE.exec(url)!;
  const { version: installed } = JSON.parse(await readNodePackage(name!, "package.json"));
  assertEquals(version, installed);
  return findInPackage(name!, path!);
}

/** Types questions into the page. @returns what it shows */
export async function askPage(page: Page, questions: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  const output = page.locator("#answer");
  await page.locator("#ask:enabled").waitFor();
  for (const question of questions) {
    await output.evaluate((element) => element.textContent = "waiting");
    await page.locator("#question").fill(question);
    await page.locator("#ask").click();
    await output.filter({ hasNotText: "waiting" }).waitFor({ state: "attached" });
    answers.push(await output.textContent() ?? "");
  }
  return answers;
}

/** Waits until the page shows why it cannot be asked. */
export async function readFault(page: Page): Promise<string> {
  const output = page.locator("#answer");
  await output.filter({ hasNotText: "Loading the model" }).waitFor({ state: "attached" });
  assertEquals(await page.locator("#ask").isDisabled(), true);
  return await output.textContent() ?? "";
}
