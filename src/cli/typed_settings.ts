/** Options of the command line from tables of settings: their help, and the values that were typed. @module */
import {
  type AnySettings,
  describeSetting,
  flagOf,
  type Setting,
  type SettingTable,
} from "../arguments/setting.ts";
import { type OptionSpec, readTyped, type TypedOptions } from "./options.ts";

/** Describes settings as options of the command line. @param group the heading of the options in help texts. Default `Options` */
export function describeOptions(settings: AnySettings, group = "Options"): OptionSpec[] {
  return Object.entries(settings).map(([name, setting]) => ({
    group,
    name: flagOf(name, setting),
    value: setting.placeholder,
    help: describeSetting(setting),
  }));
}

/** Reads the settings that were typed. Others are left out. @throws {UsageError} if a text cannot be read */
export function readTypedSettings<T extends object>(
  typed: TypedOptions,
  settings: SettingTable<T>,
): Partial<T> {
  const values = Object.entries<Setting<unknown>>(settings).flatMap(([name, setting]) => {
    const flag = flagOf(name, setting);
    const text = typed.text(flag);
    return text === undefined ? [] : [[name, readTyped(flag, text, setting.read)]];
  });
  return Object.fromEntries(values) as Partial<T>;
}
