/// <reference lib="dom" />
/** What `check` says of the pairs that were given. @module */
import { element, find, setText } from "../../dashboard/page/dom.ts";
import type { CheckReport, Engine, PairsTask } from "../engine.ts";

/** The report. */
export interface PairsReport {
  /** Checks other pairs soon; the last ones that were given count. Without any it shows nothing. */
  refresh(readTask: (() => Promise<PairsTask>) | undefined): void;
}

/** How long to wait for more typing. */
const WAIT_MS = 350;

/** Makes the report work. */
export function createPairsReport(engine: Pick<Engine, "check">): PairsReport {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let checks = 0;

  async function check(readTask: () => Promise<PairsTask>): Promise<void> {
    const mine = ++checks;
    let shown: Shown;
    try {
      shown = { report: await engine.check(await readTask()) };
    } catch (error) {
      shown = { error: error instanceof Error ? error.message : String(error) };
    }
    if (mine === checks) show(shown);
  }
  return {
    refresh(readTask): void {
      clearTimeout(timer);
      checks++;
      if (readTask === undefined) show({});
      else {
        show({ state: "Checking…" });
        timer = setTimeout(() => void check(readTask), WAIT_MS);
      }
    },
  };
}

interface Shown {
  readonly state?: string;
  readonly error?: string;
  readonly report?: CheckReport;
}

function show({ state = "", error = "", report }: Shown): void {
  setText(find("pairs-state", HTMLElement), state);
  setText(find("pairs-error", HTMLElement), error);
  find("report-block", HTMLElement).hidden = report === undefined;
  if (report === undefined) return;
  setText(find("report", HTMLElement), report.lines.join("\n"));
  find("advice", HTMLElement).replaceChildren(
    ...report.advice.map((sentence) => element("li", {}, sentence)),
  );
}
