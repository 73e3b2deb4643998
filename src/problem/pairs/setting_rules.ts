/** The rules for the settings of pairs that are no plain numbers or words. @module */
import { arrayRule, type Fault, integer, isObject, PATH, type Rule } from "../../arguments/rule.ts";
import { PAIR_FORMATS } from "./fields.ts";
import { type HeldBack, MOST_EXCEPTIONS } from "./hold_back.ts";
import type { PairFile } from "./settings.ts";

const MOST_COLUMNS = 64;
const PLACES = integer(1, 2 ** 32);

/** A column. */
export const COLUMN: Rule<string> = {
  must: "the number of a column from 1, or a name without tabs",
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    return value !== "" && value.length <= 256 && !/[\t\r\n\0]/.test(value) && !/^0+$/.test(value)
      ? undefined
      : "value";
  },
};

/** The text between two symbols. */
export const SEPARATOR: Rule<string> = {
  must: "at most 16 characters, without tabs and ends of lines",
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    return value.length <= 16 && !/[\t\r\n\0\ufffd]/.test(value) && value.isWellFormed()
      ? undefined
      : "value";
  },
};

/** Several columns. */
export const COLUMNS: Rule<readonly string[]> = {
  ...arrayRule<readonly string[]>(`a list of at most ${MOST_COLUMNS} columns`),
  copy: (columns) => [...columns],
  findFault(value): Fault | undefined {
    if (!Array.isArray(value)) return "type";
    if (value.length > MOST_COLUMNS) return "value";
    return value.map(COLUMN.findFault).find((fault) => fault !== undefined);
  },
};

/** A file of pairs, or the path of one that has not been read yet. */
export const SOURCE: Rule<string | PairFile> = {
  must: "a path, or a file with its path, format, sha256, sizeBytes and pairs",
  findFault(value): Fault | undefined {
    if (typeof value === "string") return PATH.findFault(value);
    if (!isObject(value)) return "type";
    const { path, format, sha256, sizeBytes, pairs, ...others } = value;
    return PATH.findFault(path) === undefined && Object.keys(others).length === 0 &&
        PAIR_FORMATS.some((each) => each === format) && typeof sha256 === "string" &&
        /^[0-9a-f]{64}$/.test(sha256) && Number.isSafeInteger(sizeBytes) &&
        (sizeBytes as number) >= 0 && Number.isSafeInteger(pairs) && (pairs as number) > 0
      ? undefined
      : "value";
  },
  copy: (value) => typeof value === "string" ? value : { ...value },
};

/** The questions that are held back. */
export const HELD_BACK: Rule<HeldBack | null> = {
  must: "null, or an object with places, except and pairs",
  findFault(value): Fault | undefined {
    if (value === null) return undefined;
    if (!isObject(value)) return "type";
    const { places, except, pairs, ...others } = value;
    return Object.keys(others).length === 0 && PLACES.findFault(places) === undefined &&
        Number.isSafeInteger(pairs) && (pairs as number) > 0 &&
        Array.isArray(except) && except.length <= MOST_EXCEPTIONS &&
        except.every((hash) => Number.isSafeInteger(hash) && hash >= 0)
      ? undefined
      : "value";
  },
  copy: (value) => value && { ...value, except: [...value.except] },
};
