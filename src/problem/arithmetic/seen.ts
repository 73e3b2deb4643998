/** Sets of the calculations that were drawn. @module */
import { rankOperands, type Section, type Space } from "./space.ts";

/** A set of calculations. */
export interface SeenSet {
  /** Adds a calculation; says whether it was new. Operands are in ascending order if the section is unordered. */
  add(section: Section, operands: readonly number[]): boolean;
}

/** A set of all calculations by number, one bit each. */
export interface SeenBits extends SeenSet {
  /** Says whether the calculation with this number, counted over all sections, is in the set. */
  has(rank: number): boolean;
}

/** Makes a set with one bit for every calculation of a space: 6 MB for all pairs of 4 digits. */
export function createBitSet({ size, values }: Space): SeenBits {
  const bits = new Uint8Array(Math.ceil(Number(size) / 8));
  return {
    add(section, operands): boolean {
      const rank = section.first + rankOperands(operands, section, values);
      const before = bits[rank >>> 3]!;
      const after = before | (1 << (rank & 7));
      bits[rank >>> 3] = after;
      return after !== before;
    },
    has: (rank) => (bits[rank >>> 3]! & (1 << (rank & 7))) !== 0,
  };
}

/**
 * Makes a hash set for at most `most` calculations, with 11 to 21 bytes for each. It is used where a bit set would be too large.
 * Collisions are resolved by linear probing; at most three quarters of the places are taken.
 *
 * Calculations are compared by 64 bits of hash, so that no calculation is added twice. A new one is taken for an old one with
 * a probability of 2^-40, even if 2^24 are in the set: it is then left out.
 */
export function createHashSet(most: number): SeenSet {
  const places = 2 ** Math.ceil(Math.log2(4 / 3 * most + 1));
  const taken = new Uint32Array(2 * places); // two hashes, the first with its last bit set; 0: free
  return {
    add({ operators }, operands): boolean {
      const low = (hash(operands, operators, 1) | 1) >>> 0;
      const high = hash(operands, operators, 2) >>> 0;
      let place = high & (places - 1);
      for (; taken[2 * place] !== 0; place = (place + 1) & (places - 1)) {
        if (taken[2 * place] === low && taken[2 * place + 1] === high) return false;
      }
      taken[2 * place] = low;
      taken[2 * place + 1] = high;
      return true;
    },
  };
}

/** Hashes a calculation to 32 bits: MurmurHash3 (Appleby 2011) over the lower and upper words of its numbers below 2^53. */
function hash(operands: readonly number[], operators: string, seed: number): number {
  let state = seed;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!;
    state = mix(state, operand | 0);
    state = mix(state, (operand / 2 ** 32) ^ (operators.charCodeAt(i) << 16));
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}

function mix(state: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = state ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
