/** Groups examples by a problem's groupings. @module */
import type { Example } from "../problem/example.ts";
import type { Grouping } from "../problem/problem.ts";
import { type LearnedCell, REST_KEY, sortCells } from "./cell.ts";

/** A grouping, and the right answers of its groups. */
export interface CountedGroups<C extends LearnedCell = LearnedCell> {
  /** Name of the grouping. */
  readonly name: string;
  /** Its title for people. */
  readonly title: string;
  /** If the groups form a grid: titles of its rows and columns. Keys are then `row+column`. */
  readonly grid?: { readonly rows: string; readonly columns: string };
  /** Its groups, in the order of their keys. */
  readonly cells: readonly C[];
}

/** Most groups of a grouping that are kept apart. The examples of all further ones are counted together. */
export const MOST_GROUPS = 256;
/** Most UTF-16 units of a key. */
const LONGEST_KEY = 64;

/** Gives every example the number of its group, from 0 in the order of their first examples. */
export interface GroupNumbers {
  /** Gives the number of an example's group, at most {@linkcode MOST_GROUPS}. */
  numberOf(example: Example): number;
  /** Gives counts by group, sorted by key. @param counts of every group, by its number */
  listCells(counts: GroupCounts): CountedGroups;
}

/** Examples and right answers by the number of the group. */
export interface GroupCounts {
  readonly examples: readonly number[];
  readonly right: readonly number[];
}

/** Numbers the groups of a grouping. */
export function numberGroups(grouping: Grouping): GroupNumbers {
  const { name, title, grid } = grouping;
  const numbers = new Map<string, number>();
  return {
    numberOf(example): number {
      const key = keyOfExample(grouping, example);
      const number = numbers.get(key);
      if (number !== undefined) return number;
      const isRest = numbers.size >= MOST_GROUPS;
      const added = isRest ? MOST_GROUPS : numbers.size;
      if (!isRest) numbers.set(key, added);
      return added;
    },
    listCells({ examples, right }): CountedGroups {
      const keys = [...numbers.keys(), ...(examples[MOST_GROUPS] ? [REST_KEY] : [])];
      const cells = keys.map((key, number) => ({
        key,
        examples: examples[number] ?? 0,
        right: right[number] ?? 0,
      }));
      return { name, title, ...(grid && { grid }), cells: sortCells(cells) };
    },
  };
}

/** Counts right answers by the groups of a grouping. */
export interface GroupCounter {
  /** Counts an answer to an example. */
  add(example: Example, isRight: boolean): void;
  /** Gives the counts so far. */
  finish(): CountedGroups;
}

/** Makes a counter of right answers by group. */
export function createGroupCounter(grouping: Grouping): GroupCounter {
  const groups = numberGroups(grouping);
  const examples: number[] = [];
  const right: number[] = [];
  return {
    add(example, isRight): void {
      const number = groups.numberOf(example);
      examples[number] = (examples[number] ?? 0) + 1;
      right[number] = (right[number] ?? 0) + Number(isRight);
    },
    finish: () => groups.listCells({ examples, right }),
  };
}

/** Gives the key of an example's group. One that is too long is cut. */
export function keyOfExample(grouping: Pick<Grouping, "keyOf">, example: Example): string {
  const key = grouping.keyOf(example);
  return key.length <= LONGEST_KEY
    ? key
    : `${key.slice(0, LONGEST_KEY - 1).toWellFormed().replace(/\ufffd$/, "")}…`;
}
