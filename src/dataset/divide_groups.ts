/** Divides examples so that all of a group come to the same side. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { TEXT } from "../arguments/rule.ts";
import type { Sliced } from "../time/slices.ts";
import { EXAMPLES_A_SLICE } from "./dataset.ts";

/** A JavaScript Map holds at most 2^24 keys. */
const MAX_GROUPS = 2 ** 24;

/** Holds whole groups back: goes from the last group to the first, and takes every one that fits and has no kept example. */
export function* divideGroups(
  order: Uint32Array,
  { wanted, kept }: { readonly wanted: number; readonly kept: Uint8Array | undefined },
  groupOf: (at: number) => string,
): Sliced<[Uint32Array, Uint32Array]> {
  const groups = yield* findGroups(order, groupOf);
  const isKept = new Uint8Array(groups.sizes.length);
  kept?.forEach((each, at) => isKept[groups.groupOf[at]!]! |= each);
  const isHeld = new Uint8Array(groups.sizes.length);
  let held = 0;
  for (let group = groups.sizes.length - 1; group >= 0; group--) {
    const size = groups.sizes[group]!;
    if (isKept[group] === 1 || held + size > wanted) continue;
    isHeld[group] = 1;
    held += size;
  }
  const training = new Uint32Array(order.length - held);
  const validation = new Uint32Array(held);
  yield* placeGroups(order, groups, (group) => isHeld[group] === 1 ? validation : training);
  return [training, validation];
}

/** Groups, numbered in the order in which their first examples come. */
interface Groups {
  /** The group of every example, by its position in the dataset. */
  readonly groupOf: Uint32Array;
  /** Number of examples of every group. */
  readonly sizes: readonly number[];
}

function* findGroups(order: Uint32Array, nameOf: (at: number) => string): Sliced<Groups> {
  const numbers = new Map<string, number>();
  const groupOf = new Uint32Array(order.length);
  const sizes: number[] = [];
  let grouped = 0;
  for (const at of order) {
    if (++grouped % EXAMPLES_A_SLICE === 0) yield grouped;
    const name: unknown = nameOf(at);
    checkValue("split", "what groupOf returns", name, TEXT);
    let number = numbers.get(name as string);
    if (number === undefined) {
      if (numbers.size === MAX_GROUPS) {
        throw new RangeError(
          `Cannot split: there can be at most ${MAX_GROUPS} groups, but there are more`,
        );
      }
      number = numbers.size;
      numbers.set(name as string, number);
      sizes.push(0);
    }
    groupOf[at] = number;
    sizes[number]!++;
  }
  return { groupOf, sizes };
}

/** Writes every example to its side: the groups from the last to the first, the examples of each in their order. */
function* placeGroups(
  order: Uint32Array,
  { groupOf, sizes }: Groups,
  sideOf: (group: number) => Uint32Array,
): Sliced<void> {
  const filled = new Map<Uint32Array, number>();
  const next = new Array<number>(sizes.length);
  for (let group = sizes.length - 1; group >= 0; group--) {
    const side = sideOf(group);
    next[group] = filled.get(side) ?? 0;
    filled.set(side, next[group]! + sizes[group]!);
  }
  let placed = 0;
  for (const at of order) {
    if (++placed % EXAMPLES_A_SLICE === 0) yield placed;
    const group = groupOf[at]!;
    sideOf(group)[next[group]!++] = at;
  }
}
