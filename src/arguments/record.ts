/** Rules for values with parts: records and lists, as files hold them. An error names the innermost part that is wrong. @module */
import { describeFound, type Fault, isObject, type Rule, type WrongPart } from "./rule.ts";
import type { Rules } from "./resolve_options.ts";
import { suggest } from "./suggest.ts";

/** A rule for a record. */
export interface RecordRule<T> extends Rule<T> {
  /** The rule of every field. */
  readonly fields: Rules<T>;
}

/** Options of {@linkcode recordRule}. */
export interface RecordOptions {
  /** Whether other fields than those of the rules are an error. Default `refused`. */
  readonly others?: "refused" | "ignored";
}

/** A record with a rule for every field. A field that may be missing has an optional rule. */
export function recordRule<T extends object>(
  fields: Rules<T>,
  { others = "refused" }: RecordOptions = {},
): RecordRule<T> {
  const entries = Object.entries<Rule<unknown>>(fields);
  const names = new Set(entries.map(([name]) => name));
  const findOther = (value: object): string | undefined =>
    others === "ignored" ? undefined : Object.keys(value).find((name) => !names.has(name));
  return {
    fields,
    must: `an object with the fields ${[...names].join(", ")}`,
    findFault(value): Fault | undefined {
      if (!isObject(value)) return "type";
      for (const [name, rule] of entries) {
        const part = value[name];
        if (part === undefined && rule.optional) continue;
        const fault = rule.findFault(part);
        if (fault !== undefined) return fault;
      }
      return findOther(value) === undefined ? undefined : "type";
    },
    findWrongPart(value): WrongPart | undefined {
      if (!isObject(value)) return undefined;
      const other = findOther(value);
      if (other !== undefined) {
        const hint = suggest(other, [...names]);
        return { path: "", problem: `has the unknown key ${describeFound(other)}${hint}` };
      }
      const wrong = entries.find(([name, rule]) =>
        !(value[name] === undefined && rule.optional) && rule.findFault(value[name]) !== undefined
      );
      return wrong && findWithin(`.${wrong[0]}`, value[wrong[0]], wrong[1]);
    },
  };
}

/** A list of values that keep one rule. */
export function listRule<T>(
  item: Rule<T>,
  { most = Infinity }: { readonly most?: number } = {},
): Rule<readonly T[]> {
  return {
    must: most < Infinity ? `a list of at most ${most} values` : "a list",
    findFault(value): Fault | undefined {
      if (!Array.isArray(value)) return "type";
      if (value.length > most) return "value";
      for (let i = 0; i < value.length; i++) { // a list may have a million values
        const fault = item.findFault(value[i]);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
    findWrongPart(value): WrongPart | undefined {
      if (!Array.isArray(value) || value.length > most) return undefined;
      const at = value.findIndex((part) => item.findFault(part) !== undefined);
      return at < 0 ? undefined : findWithin(`[${at}]`, value[at], item);
    },
  };
}

/** The same rule for a value that may be null. */
export function nullable<T>(rule: Rule<T>): Rule<T | null> {
  const { must, copy, findWrongPart } = rule;
  return {
    must: `null, or ${must}`,
    findFault: (value) => value === null ? undefined : rule.findFault(value),
    ...(copy && { copy: (value: T | null): T | null => value === null ? null : copy(value) }),
    ...(findWrongPart && { findWrongPart }),
  };
}

function findWithin(path: string, value: unknown, rule: Rule<unknown>): WrongPart {
  const part = rule.findWrongPart?.(value);
  if (part !== undefined) return { ...part, path: path + part.path };
  const found = value === undefined ? "missing" : describeFound(value);
  return { path, problem: `must be ${rule.must}, but is ${found}` };
}
