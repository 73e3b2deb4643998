/// <reference lib="dom" />
/** Fields of the form, made from the tables of settings that the command line has its options from. @module */
import { describeFound } from "../../arguments/rule.ts";
import { type AnySettings, describeSetting, type Setting } from "../../arguments/setting.ts";
import { element } from "../../dashboard/page/dom.ts";
import { nameFields } from "./field_names.ts";

/** Some fields. */
export interface Fields {
  readonly elements: readonly HTMLElement[];
  /**
   * Reads what was typed, by the names of the settings. Empty fields are left out.
   *
   * @throws {RangeError} if a value is not possible; the field is marked, and has the focus
   */
  read(): Record<string, unknown>;
}

/** Longest default that is shown in an empty field. */
const LONGEST_PLACEHOLDER = 14;

/** Makes a field for every setting of a table. @param group makes the ids of the fields different from those of other tables */
export function createFields(settings: AnySettings, group: string): Fields {
  const fields = Object.entries(settings).map(([name, setting]) =>
    createField(name, setting, `${group}-${name}`)
  );
  return {
    elements: fields.map(({ element }) => element),
    read(): Record<string, unknown> {
      const typed = fields.map(({ name, read }) => [name, read()] as const);
      return Object.fromEntries(typed.filter(([, value]) => value !== undefined));
    },
  };
}

interface Field {
  readonly name: string;
  readonly element: HTMLElement;
  /** Gives the value, undefined for an empty field. */
  read(): unknown;
}

function createField(name: string, setting: Setting<unknown>, id: string): Field {
  const attributes = { id, "aria-describedby": `${id}-help` };
  const control = setting.choices === undefined
    ? element("input", { attributes: { ...attributes, ...describeInput(setting) } })
    : element("select", { attributes }, ...listChoices(setting));
  control.addEventListener("input", () => control.removeAttribute("aria-invalid"));
  const help = nameFields(describeSetting(setting));
  return {
    name,
    element: element(
      "div",
      { class: "field" },
      element("label", { attributes: { for: id } }, setting.title),
      control,
      element(
        "p",
        { class: "hint", attributes: { id: `${id}-help` } },
        beginSentence(help, setting),
      ),
    ),
    read(): unknown {
      if (control.value === "") return undefined;
      try {
        return readValue(control.value, setting);
      } catch (error) {
        pointAt(control);
        throw error;
      }
    },
  };
}

/** Marks a field whose value is not possible, and moves the focus to it, also where it is folded away. */
function pointAt(control: HTMLElement): void {
  control.setAttribute("aria-invalid", "true");
  const folded = control.closest("details");
  if (folded !== null) folded.open = true;
  control.focus();
}

function describeInput(setting: Setting<unknown>): Record<string, string> {
  return {
    type: "text",
    spellcheck: "false",
    autocapitalize: "off",
    placeholder: describeDefault(setting) ?? "",
  };
}

function listChoices(setting: Setting<unknown>): HTMLElement[] {
  const usual = describeDefault(setting);
  return [
    element("option", { attributes: { value: "" } }, usual ? `${usual} (default)` : "default"),
    ...setting.choices!.map((choice) =>
      element("option", { attributes: { value: choice } }, choice)
    ),
  ];
}

/** Gives the default, if it is short. */
function describeDefault(
  { default: value, defaultHelp, write }: Setting<unknown>,
): string | undefined {
  const text = defaultHelp ?? (value === undefined ? "" : write(value));
  return text.length > 0 && text.length <= LONGEST_PLACEHOLDER ? text : undefined;
}

/** Reads a value as the command line does. @throws {RangeError} with the title of the setting */
function readValue(text: string, setting: Setting<unknown>): unknown {
  const refuse = (reason: string): RangeError =>
    new RangeError(`Cannot read ${setting.title}: ${reason}`);
  let value: unknown;
  try {
    value = setting.read(text);
  } catch (error) {
    throw error instanceof SyntaxError ? refuse(error.message) : error;
  }
  if (setting.findFault(value) === undefined) return value;
  throw refuse(`it must be ${setting.must}, but is ${describeFound(value)}`);
}

/** Begins with a capital, unless the first word is one that can be chosen. */
function beginSentence(text: string, { choices = [] }: Setting<unknown>): string {
  const first = /^\w+/.exec(text)?.[0] ?? "";
  return choices.includes(first) ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
}
