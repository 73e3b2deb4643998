/** The settings of the form that the command line has in another form. @module */
import { type AnySettings, choiceSetting, numberSetting } from "../../arguments/setting.ts";
import { BACKENDS, THREADS } from "../../device/choose.ts";
import { PAIRS_SETTINGS } from "../../problem/pairs/settings_table.ts";

const { data: _data, validation: _validation, test: _test, split, ...READING } = PAIRS_SETTINGS;

/** How a file of pairs is read: it is the only one. */
export const READING_SETTINGS: AnySettings = {
  ...READING,
  split: { ...split, defaultHelp: "0.1" },
};

/** What computes. */
export const DEVICE_SETTINGS: AnySettings = {
  backend: choiceSetting(BACKENDS, {
    title: "Backend",
    help: "auto, webgpu or cpu",
    defaultHelp: "auto: WebGPU if there is a GPU and it works, else CPU",
  }),
  threads: numberSetting(THREADS, {
    title: "Threads",
    help: "threads of the CPU's kernels; results do not depend on it",
    defaultHelp: "all that the browser gives",
  }),
};
