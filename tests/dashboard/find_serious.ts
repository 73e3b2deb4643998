/** Looks for what keeps people from using a page. @module */
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** Lists what axe finds serious or critical in a part of a page. */
export async function findSerious(page: Page, within = "html"): Promise<string[]> {
  const { default: axe } = await import("axe-core");
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(${JSON.stringify(within)}, { resultTypes: ["violations"] })`,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(" ")}`);
}
