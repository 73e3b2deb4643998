/** Sentences of the command line for people who have a form: its fields are named where options are. @module */
import { type AnySettings, flagOf, type Setting } from "../../arguments/setting.ts";
import { MODEL_SETTINGS } from "../../network/config.ts";
import { PROBLEMS } from "../../problem/registry.ts";
import { TRAINING_SETTINGS } from "../../training/options.ts";
import { DEVICE_SETTINGS, READING_SETTINGS } from "./form_settings.ts";

/** Options that sentences for people name, and that have no field. */
const ONLY_TYPED: ReadonlySet<string> = new Set(["ensemble", "resume", "validation"]);
/** A text of the person's own, which stays as it is. */
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const OPTION = /--([a-z][a-z0-9-]*)/y;
const VALUE = / ("[^"]*"|[^\s;:()]*[^\s;:(),.])/y;

/** An option in a text, with its value if one follows. */
interface Option {
  /** What is written for it: the name of its field, if it has one, and the value. */
  readonly words: string;
  readonly hasField: boolean;
  /** Where the text goes on. */
  readonly end: number;
}

/**
 * Names the fields of the form where a text names options: `"Longest text" 20 and "Bad lines" skip` for
 * `--max-length 20 --bad-lines skip`. Of options that have no field it says that the command line has them.
 */
export function nameFields(text: string): string {
  const fields = findFields();
  let named = "";
  for (let start = 0; start < text.length;) {
    const options: Option[] = [];
    for (let next = start;;) {
      const option = readOption(text, next, fields);
      if (option === undefined) break;
      options.push(option);
      next = option.end + 1; // after a space
    }
    const end = options.at(-1)?.end ?? start + (matchAt(QUOTED, text, start)?.[0].length ?? 1);
    const part = text.slice(start, end);
    named += options.length === 0
      ? part
      : options.every(({ hasField }) => hasField)
      ? joinWords(options.map(({ words }) => words))
      : `${part} on the command line`;
    start = end;
  }
  return named;
}

function readOption(
  text: string,
  start: number,
  fields: ReadonlyMap<string, Setting<unknown>>,
): Option | undefined {
  const flag = matchAt(OPTION, text, start);
  const field = fields.get(flag?.[1] ?? "");
  if (flag === undefined || field === undefined && !ONLY_TYPED.has(flag[1]!)) return undefined;
  const name = field === undefined ? flag[0] : `"${field.title}"`;
  const end = start + flag[0].length;
  const value = matchAt(VALUE, text, end);
  return value === undefined || !isValue(value[1]!, field)
    ? { words: name, hasField: field !== undefined, end }
    : {
      words: name + value[0],
      hasField: field !== undefined,
      end: end + value[0].length,
    };
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text) ?? undefined;
}

/** Says whether a word after an option is its value: one that can be typed, a number, or a placeholder such as `FILE`. */
function isValue(word: string, field: Setting<unknown> | undefined): boolean {
  if (field?.choices !== undefined) return field.choices.includes(word);
  return /^(\d.*|[A-Z]+|".*")$/.test(word);
}

/** Gives the settings of all fields, by their options. */
function findFields(): Map<string, Setting<unknown>> {
  const tables: readonly AnySettings[] = [
    ...PROBLEMS.filter(({ layOut }) => layOut !== undefined).map(({ options }) => options),
    ...[READING_SETTINGS, MODEL_SETTINGS, TRAINING_SETTINGS, DEVICE_SETTINGS],
  ];
  return new Map(
    tables.flatMap((table) =>
      Object.entries(table).map(([name, setting]) => [flagOf(name, setting), setting])
    ),
  );
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1)!;
  return words.length === 1 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
