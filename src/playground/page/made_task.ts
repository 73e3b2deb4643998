/// <reference lib="dom" />
/** The choice of a problem whose questions are made here. @module */
import type { AnySettings } from "../../arguments/setting.ts";
import { element, find } from "../../dashboard/page/dom.ts";
import type { ProblemKind } from "../../problem/problem.ts";
import { findKind, PROBLEMS } from "../../problem/registry.ts";
import type { MadeTask } from "../engine.ts";
import { createFields, type Fields } from "./fields.ts";

/** Settings that few people change: they are among the options. */
const RARE = new Set(["base", "sampler", "examples"]);

/** The fields of the problem. */
export interface MadeTaskFields {
  /** Reads the task. @throws {RangeError} if a value is not possible */
  read(): MadeTask;
}

/** Makes the choice work. */
export function createMadeTask(): MadeTaskFields {
  const picker = find("problem", HTMLSelectElement);
  const host = find("problem-fields", HTMLElement);
  const others = find("question-fields", HTMLElement);
  picker.append(
    ...PROBLEMS.filter(({ layOut }) => layOut !== undefined).map(({ name, summary }) =>
      element("option", { attributes: { value: name } }, `${name}: ${summary}`)
    ),
  );
  let fields: readonly Fields[] = [];
  const show = (): void => {
    const settings = Object.entries(settingsOf(findKind(picker.value)));
    const isRare = ([name]: readonly [string, unknown]): boolean => RARE.has(name);
    const main = createFields(
      Object.fromEntries(settings.filter((entry) => !isRare(entry))),
      "problem",
    );
    const rare = createFields(Object.fromEntries(settings.filter(isRare)), "questions");
    host.replaceChildren(...main.elements);
    others.replaceChildren(...rare.elements);
    fields = [main, rare];
  };
  picker.addEventListener("change", show);
  show();
  return {
    read(): MadeTask {
      const settings = Object.assign({}, ...fields.map((some) => some.read()));
      return { kind: "made", problem: picker.value, settings };
    },
  };
}

/** Gives the settings of a kind. Unless a number of examples is given, there are fresh ones where that is better, as in `train`. */
function settingsOf({ options: { examples, ...others } }: ProblemKind): AnySettings {
  if (examples === undefined) return others;
  const defaultHelp = "fresh ones in every epoch, where that is better";
  return { ...others, examples: { ...examples, defaultHelp } };
}
