/// <reference lib="dom" />
/** The configuration of a run. @module */
import { type AnySettings, SEED_SETTING, type Setting } from "../../arguments/setting.ts";
import { MODEL_SETTINGS } from "../../network/config.ts";
import { findKind } from "../../problem/registry.ts";
import { TRAINING_SETTINGS } from "../../training/options.ts";
import type { RunStart } from "../protocol.ts";
import { element, find } from "./dom.ts";
import { formatCount } from "./format.ts";
import type { RunView } from "./state.ts";
import { taskOf } from "./task.ts";

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

/** Lists the configuration in groups. Settings of problem, model and training have the titles of their tables. */
export function describeStart(start: RunStart): readonly (readonly [string, Facts])[] {
  const { problem, model } = start;
  const { source, target } = model;
  return [
    ["Run", [
      ["Name", start.run],
      ["Backend", start.backend.name],
      ["Reason for the backend", start.backend.reason],
      ["Training examples", formatCount(start.trainingExamples)],
      ["Validation examples", formatCount(start.validationExamples)],
    ]],
    ["Problem", [
      ["Problem", problem.name],
      ...listSettings({ ...findKind(problem.name).options, seed: SEED_SETTING }, problem),
      ["Questions reversed", source.reverse ? "yes" : "no"],
      ["Answers reversed", target.reverse ? "yes" : "no"],
    ]],
    ["Model", [
      ...listModel(start),
      ["Length of questions, answers", `${source.length}, ${target.length} symbols`],
      ["Symbols of questions, answers", `${source.symbols.length}, ${target.symbols.length}`],
      ["Parameters", formatCount(start.parameters)],
    ]],
    ["Training", listTraining(start)],
  ];
}

/** Lists the shape of a model. What only models with attention can choose is left out of the others. */
function listModel({ model }: RunStart): Facts {
  const { encoderLayers, bidirectional, embeddingSize, ...others } = MODEL_SETTINGS;
  return listSettings({
    ...others,
    ...(model.decoder === "attention" && { encoderLayers, bidirectional, embeddingSize }),
  }, model);
}

/** Lists the options of a training. Those that have no meaning for the problem are left out. */
function listTraining(start: RunStart): Facts {
  const { training } = start;
  const { swapOf, weightOf } = taskOf(start).problem.generated?.practice ?? {};
  const isShown: Readonly<Record<string, boolean>> = {
    dropout: start.model.decoder === "attention",
    swap: swapOf !== undefined || training.swap,
    weighted: weightOf !== undefined || training.weighted,
  };
  const shown = Object.entries(TRAINING_SETTINGS).filter(([name]) => isShown[name] ?? true);
  return listSettings(Object.fromEntries(shown), training);
}

/** Lists the settings that a table describes. */
function listSettings(settings: AnySettings, values: object): Facts {
  return Object.entries(settings).flatMap(([name, setting]) => {
    const value: unknown = Reflect.get(values, name);
    return value === undefined ? [] : [[setting.title, describeValue(value, setting)] as const];
  });
}

function describeValue(value: unknown, setting: Setting<unknown>): string {
  if (typeof value === "number" && Number.isInteger(value)) return formatCount(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = setting.write(value);
  return text.trim() === "" ? JSON.stringify(text) : text; // a separator may be a space
}
