/** How much a device is given to do at once, so that it takes about a tenth of a second. @module */
import type { Clock } from "../../time/clock.ts";

/** Milliseconds that the work given at once should take. */
const AIM_MS = 100;
/** Milliseconds that all work under way should take at most. */
const MOST_MS = 250;
/** How many times as much is given as the last time at most. A short time is mostly waiting and says little. */
const MOST_GROWTH = 8;

/** Measures how long a device takes for a piece of work, such as a step, and says how many to give it. */
export class Pace {
  readonly #now: Clock;
  readonly #most: number;
  #pieces: number;
  #pieceMs: number | undefined;
  #underWay = 0;
  #endedAt = -Infinity;

  /** @param pieces number of pieces of the first work; @param most largest number of pieces at once */
  constructor(now: Clock, pieces: number, most: number) {
    this.#now = now;
    this.#pieces = pieces;
    this.#most = most;
  }

  /** Number of pieces to give next. */
  get pieces(): number {
    return this.#pieces;
  }

  /** Whether the next work should wait for what is under way. */
  get isBehind(): boolean {
    if (this.#underWay === 0) return false;
    return this.#pieceMs === undefined ||
      (this.#underWay + this.#pieces) * this.#pieceMs > MOST_MS;
  }

  /** Notes that pieces were given to the device. @returns a function to call when they are done */
  begin(pieces: number): () => void {
    const begunAt = this.#now();
    this.#underWay += pieces;
    const underWay = this.#underWay;
    return () => this.#end(pieces, begunAt, underWay);
  }

  /** @param underWay number of pieces under way when the work was given, with its own */
  #end(pieces: number, begunAt: number, underWay: number): void {
    this.#underWay -= pieces;
    const endedAt = this.#now();
    const elapsedMs = endedAt - Math.max(begunAt, this.#endedAt);
    this.#endedAt = endedAt;
    if (pieces < this.#pieces && elapsedMs < AIM_MS) return; // the rest of an order says little
    // two works may be found done at the same moment: the second then seems to have taken no time
    this.#pieceMs = Math.max(elapsedMs / pieces, (endedAt - begunAt) / underWay);
    const aim = Math.floor(AIM_MS / this.#pieceMs); // Infinity if no time has passed
    this.#pieces = Math.max(1, Math.min(aim, MOST_GROWTH * pieces, this.#most));
  }
}
