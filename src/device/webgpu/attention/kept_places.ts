/** Counts what is kept of a row of a network with attention. @module */
import type { KeptPlace } from "../kept_layout.ts";
import { padToQuads } from "../parameter_layout.ts";

/** Makes places one after another. */
export class KeptPlaces {
  readonly #counts = { kept_quads: 0, kept: 0 };
  #made: (KeptPlace & { perLayer?: number; perDirection?: number })[] = [];

  /** Number of quads and of values of a row so far. */
  get counts(): { readonly quads: number; readonly values: number } {
    return { quads: this.#counts.kept_quads, values: this.#counts.kept };
  }

  /** Gives a place for some values at every time step. */
  values(steps: number, width: number): KeptPlace {
    return this.#place("kept", steps, width);
  }

  /** Gives a place for some quads at every time step. */
  quads(steps: number, width: number): KeptPlace {
    return this.#place("kept_quads", steps, width);
  }

  /** Gives a place for a number at every time step. */
  characters(steps: number): KeptPlace {
    return { ...this.values(1, padToQuads(steps)), steps, width: 1 };
  }

  /** Makes places of the first of some layers or directions, and leaves room for those of the others. */
  repeat<Made>(stride: "perLayer" | "perDirection", count: number, make: () => Made): Made {
    const [outer, start] = [this.#made, { ...this.#counts }];
    this.#made = [];
    const made = make();
    for (const buffer of ["kept_quads", "kept"] as const) {
      const size = this.#counts[buffer] - start[buffer];
      if (count > 1) {
        for (const place of this.#made) if (place.buffer === buffer) place[stride] = size;
      }
      this.#counts[buffer] += (count - 1) * size;
    }
    this.#made = [...outer, ...this.#made];
    return made;
  }

  #place(buffer: "kept_quads" | "kept", steps: number, width: number): KeptPlace {
    const place = { buffer, before: this.#counts[buffer], steps, width };
    this.#counts[buffer] += steps * width;
    this.#made.push(place);
    return place;
  }
}
