/** Numbers keys in the order in which they come, within little memory: 20 bytes a key at most. @module */

/** Numbers for keys, from 0. */
export interface KeyTable {
  /** Number of different keys. */
  readonly size: number;
  /** Gives the number of a key, which is added if it is new: then the number is the size before. */
  add(key: number): number;
  /** Gives the number of a key; -1 if it is not there. */
  find(key: number): number;
  /** Gives the key that has a number. */
  keyAt(number: number): number;
}

const FIRST_SLOTS = 1024;
/** Most keys: their numbers are int32, and their slots take 8 GiB. */
const MAX_KEYS = 2 ** 30;

/** Makes a table of keys, which are integers from 0 to 2^53 - 1 and hashes already: open addressing, linear probing. */
export function createKeyTable(): KeyTable {
  let keys = new Float64Array(FIRST_SLOTS / 2);
  let slots = new Int32Array(FIRST_SLOTS).fill(-1);
  let size = 0;

  /** Finds the slot of a key, or the empty slot where it belongs. */
  function slotOf(key: number): number {
    const mask = slots.length - 1;
    let slot = key & mask;
    for (let number = slots[slot]!; number >= 0 && keys[number] !== key; number = slots[slot]!) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function grow(): void {
    if (size >= MAX_KEYS) throw new RangeError(`Cannot count more than ${MAX_KEYS} pairs`);
    keys = enlarge(keys, 2 * keys.length);
    slots = new Int32Array(2 * slots.length).fill(-1);
    for (let number = 0; number < size; number++) slots[slotOf(keys[number]!)] = number;
  }

  return {
    get size(): number {
      return size;
    },
    add(key): number {
      const slot = slotOf(key);
      const found = slots[slot]!;
      if (found >= 0) return found;
      if (size === keys.length) {
        grow();
        return this.add(key);
      }
      keys[size] = key;
      slots[slot] = size;
      return size++;
    },
    find: (key) => slots[slotOf(key)]!,
    keyAt: (number) => keys[number]!,
  };
}

/** Copies an array to a longer one. */
export function enlarge<A extends Float64Array | Uint32Array>(array: A, length: number): A {
  const larger = new (array.constructor as new (length: number) => A)(length);
  larger.set(array);
  return larger;
}
