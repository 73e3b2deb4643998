/// <reference lib="dom" />
/** The fields under "Options": how a file is read, the model, the training and the device. @module */
import type { AnySettings } from "../../arguments/setting.ts";
import { element, find } from "../../dashboard/page/dom.ts";
import { MODEL_SETTINGS } from "../../network/config.ts";
import type { PairsSettings } from "../../problem/pairs/settings.ts";
import { TRAINING_SETTINGS } from "../../training/options.ts";
import type { PlaygroundOptions, PlaygroundTask } from "../engine.ts";
import { createFields, type Fields } from "./fields.ts";
import { DEVICE_SETTINGS, READING_SETTINGS } from "./form_settings.ts";

/** The options that were chosen. */
export interface OptionFields {
  /** Shows the options that a kind of task has. */
  show(kind: PlaygroundTask["kind"]): void;
  /** Reads how a file is read. @throws {RangeError} if a value is not possible */
  readPairs(): Partial<PairsSettings>;
  /** Reads the seed of everything that is drawn. @throws {RangeError} if it is not possible */
  readSeed(): { readonly seed?: number };
  /** Reads the options. @throws {RangeError} if a value is not possible */
  read(): PlaygroundOptions;
}

/** Makes the fields. @param onPairsChange called when how a file is read has changed */
export function createOptionFields(onPairsChange: () => void): OptionFields {
  const host = find("option-groups", HTMLElement);
  const add = (title: string, settings: AnySettings, group: string): [HTMLElement, Fields] => {
    const fields = createFields(settings, group);
    const section = element(
      "section",
      { attributes: { "aria-label": title } },
      element("h3", {}, title),
      element("div", { class: "fields" }, ...fields.elements),
    );
    host.append(section);
    return [section, fields];
  };
  const [pairsSection, pairs] = add("Reading the file", READING_SETTINGS, "pairs");
  const [, model] = add("Model", MODEL_SETTINGS, "model");
  const [, training] = add("Training", TRAINING_SETTINGS, "training");
  const [, device] = add("Device", DEVICE_SETTINGS, "device");
  pairsSection.addEventListener("change", onPairsChange);
  return {
    show(kind): void {
      pairsSection.hidden = kind !== "pairs";
      find("questions-section", HTMLElement).hidden = kind !== "made";
    },
    readPairs: () => pairs.read(),
    readSeed(): { seed?: number } {
      const { seed } = training.read();
      return typeof seed === "number" ? { seed } : {};
    },
    read: () => ({ model: model.read(), training: training.read(), ...device.read() }),
  };
}
