/// <reference lib="dom" />
/** Chooses the runs that the curves show. @module */
import { runColor } from "./color_scale.ts";
import { element, find } from "./dom.ts";
import type { RunView } from "./state.ts";

/** The legend of the curves. */
export interface Legend {
  render(runs: readonly RunView[]): void;
  isOff(run: number): boolean;
}

/** Makes a button for each run, which hides and shows its lines. If there is only one run, there is no button. */
export function createLegend(onChange: () => void): Legend {
  const host = find("legend", HTMLElement);
  const off = new Set<number>();
  let shown = "";
  return {
    isOff: (run) => off.has(run),
    render(runs): void {
      const next = runs.map(({ run, name }) => `${run} ${name}`).join("\n");
      if (next === shown) return;
      shown = next;
      host.replaceChildren(...(runs.length < 2 ? [] : runs).map(({ run, name }) => {
        const properties = { "--color": `var(${runColor(run)})` };
        const attributes = { type: "button", "aria-pressed": String(!off.has(run)) };
        const button = element("button", { class: "legend-run", properties, attributes }, name);
        button.addEventListener("click", () => {
          if (!off.delete(run)) off.add(run);
          button.setAttribute("aria-pressed", String(!off.has(run)));
          onChange();
        });
        return button;
      }));
    },
  };
}
