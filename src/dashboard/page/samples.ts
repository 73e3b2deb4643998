/// <reference lib="dom" />
/** The sample questions of every epoch. @module */
import type { Sample } from "../../training/events.ts";
import { isOver } from "./asker.ts";
import { drawMark, drawSymbols } from "./characters.ts";
import { element, find } from "./dom.ts";
import { createEpochPicker } from "./epoch_picker.ts";
import { formatShare } from "./format.ts";
import type { RunView } from "./state.ts";
import { type Task, taskOf } from "./task.ts";

/** The section of the samples. */
export interface Samples {
  render(shown: RunView | undefined): void;
}

/** Makes the section work. @param requestFrame asks for another call of `render` */
export function createSamples(requestFrame: () => void): Samples {
  const host = find("samples", HTMLElement);
  const picker = createEpochPicker(find("samples-epoch", HTMLElement), "the samples", requestFrame);
  let drawn: unknown;
  return {
    render(shown): void {
      const all = shown?.samples ?? [];
      picker.update(all.map(({ epoch }) => epoch), shown?.generation ?? 0);
      const chosen = all[picker.index];
      const next = chosen?.samples ?? explainAbsence(shown);
      if (next === drawn) return;
      drawn = next;
      host.replaceChildren(
        typeof next === "string"
          ? element("p", { class: "empty" }, next)
          : drawSamples(next, shown?.start && taskOf(shown.start)),
      );
    },
  };
}

function explainAbsence(shown: RunView | undefined): string {
  return shown !== undefined && isOver(shown)
    ? "The log of this run has no samples."
    : "The first samples appear after the first epoch.";
}

function drawSamples(samples: readonly Sample[], task: Task | undefined): HTMLElement {
  const head = ["Question", "Target", "Guess", "Probability"].map((text) =>
    element("th", { attributes: { scope: "col" } }, text)
  );
  return element(
    "table",
    { class: "samples" },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...samples.map((sample) => drawSample(sample, task))),
  );
}

function drawSample(sample: Sample, task: Task | undefined): HTMLElement {
  const symbols = task?.target.split(sample.guess) ?? Array.from(sample.guess);
  const { question, target, guess, probability, characterProbabilities } = sample;
  return element(
    "tr",
    {},
    element("td", { class: "text" }, question),
    element("td", { class: "text" }, target),
    element(
      "td",
      { class: "text" },
      drawMark(guess === target),
      drawSymbols(symbols, characterProbabilities, task?.target.layout.separator ?? ""),
    ),
    element("td", { class: "number" }, formatShare(probability, 1)),
  );
}
