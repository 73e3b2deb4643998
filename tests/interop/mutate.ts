/** Changes of files, for tests that a parser refuses whatever it cannot read. @module */
import type { Prng } from "../../src/random/prng.ts";

/** Numbers at which parsers fail. */
const EDGES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

/**
 * Changes some bytes: one to four of a bit flipped, a byte set to an edge, four or eight bytes set to one, a part copied elsewhere, or
 * the end cut off.
 */
export function mutate(bytes: Uint8Array<ArrayBuffer>, { nextInt }: Prng): Uint8Array<ArrayBuffer> {
  let changed = bytes.slice();
  for (let changes = 1 + nextInt(4); changes > 0; changes--) {
    if (changed.length === 0) return changed;
    const at = nextInt(changed.length);
    switch (nextInt(7)) {
      case 0:
      case 1:
        changed[at]! ^= 1 << nextInt(8);
        break;
      case 2:
        changed[at] = EDGES[nextInt(EDGES.length)]!;
        break;
      case 3:
        changed.fill(EDGES[nextInt(EDGES.length)]!, at, at + (nextInt(2) === 0 ? 4 : 8));
        break;
      case 4: {
        const from = nextInt(changed.length);
        changed.copyWithin(at, from, from + 1 + nextInt(64));
        break;
      }
      case 5:
        changed.set(changed.slice(0, 8), Math.max(0, Math.min(at, changed.length - 8)));
        break;
      default:
        if (nextInt(8) === 0) changed = changed.slice(0, at);
    }
  }
  return changed;
}
