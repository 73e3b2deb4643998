/// <reference lib="dom" />
/** The configuration of a run. @module */
import type { RunStart } from "../protocol.ts";
import { element, find } from "./dom.ts";
import { formatCount } from "./format.ts";
import type { RunView } from "./state.ts";

/** The section of the configuration. */
export interface Settings {
  render(shown: RunView | undefined): void;
}

/** Makes the section work. */
export function createSettings(): Settings {
  const host = find("settings", HTMLElement);
  let drawn: RunStart | undefined;
  host.append(drawEmpty());
  return {
    render(shown): void {
      if (shown?.start === drawn) return;
      drawn = shown?.start;
      host.replaceChildren(...(drawn === undefined ? [drawEmpty()] : drawGroups(drawn)));
    },
  };
}

function drawEmpty(): HTMLElement {
  return element("p", { class: "empty" }, "The configuration appears when training begins.");
}

function drawGroups(start: RunStart): HTMLElement[] {
  return describeStart(start).map(([title, facts]) =>
    element(
      "section",
      {},
      element("h3", {}, title),
      element(
        "dl",
        {},
        ...facts.map(([name, value]) =>
          element("div", {}, element("dt", {}, name), element("dd", {}, value))
        ),
      ),
    )
  );
}

type Facts = readonly (readonly [string, string])[];

/** Lists the configuration in groups. */
export function describeStart(start: RunStart): readonly (readonly [string, Facts])[] {
  const { problem, model, training, parameters } = start;
  const stop = training.stopAt;
  return [
    ["Run", [
      ["Directory", start.run],
      ["Backend", start.backend.name],
      ["Reason for the backend", start.backend.reason],
      ["Training examples", formatCount(start.trainingExamples)],
      ["Validation examples", formatCount(start.validationExamples)],
    ]],
    ["Problem", [
      ...Object.entries(problem).map(([name, value]): [string, string] => [name, String(value)]),
      ["Questions reversed", model.source.reverse ? "yes" : "no"],
    ]],
    ["Model", [
      ["Cell", model.cell],
      ["Hidden size", String(model.hiddenSize)],
      ["Decoder layers", String(model.layers)],
      ["Source, target", `${model.source.length}, ${model.target.length} symbols`],
      ["Parameters", formatCount(parameters)],
    ]],
    ["Training", [
      ["Recipe", training.recipe],
      ["Epochs, batch size", `${training.epochs}, ${training.batchSize}`],
      ["Learning rate", `${training.learningRate}, ${training.schedule}`],
      [
        "Warm-up",
        training.schedule === "constant" ? "none" : `${training.warmup * 100} % of the steps`,
      ],
      ["Adam", `β₁ ${training.beta1}, β₂ ${training.beta2}, ε ${training.epsilon}`],
      ["Weight decay", String(training.weightDecay)],
      ["Gradient norm", training.clipNorm === 0 ? "no limit" : `at most ${training.clipNorm}`],
      ["Numbers swapped", training.swap ? "half of the time, at random" : "never"],
      [
        "Short sums",
        training.weighted ? "more often than others" : "as often as others",
      ],
      ["Stops early at", stop === null ? "no metric" : `${stop.metric} ${stop.value}`],
      [
        "Patience",
        training.patience === 0 ? "none" : `${training.patience} epochs of ${training.monitor}`,
      ],
      ["Seed", String(training.seed)],
    ]],
  ];
}
