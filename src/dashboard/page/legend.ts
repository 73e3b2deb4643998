/// <reference lib="dom" />
/** Which runs the curves show. @module */
import { runColor } from "./color_scale.ts";
import { element, find } from "./dom.ts";
import type { RunView } from "./state.ts";

/** The legend of the curves. */
export interface Legend {
  render(runs: readonly RunView[]): void;
  isOff(run: number): boolean;
}

/** A button a run that switches its lines off and on; none where there is one run alone. */
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
