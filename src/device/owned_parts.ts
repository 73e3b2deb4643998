/** What an executor made and frees: held examples, and states of optimisers. @module */
import { checkNotDisposed } from "./check_arguments.ts";

/** Something that an executor made. */
interface Part extends Disposable {
  readonly disposed: boolean;
}

/** What a part must be, and words for the error if it is not. */
export interface PartCheck<Kind extends Part> {
  /** What is to be done: `take steps`. */
  readonly action: string;
  /** Its name. */
  readonly what: "the examples" | "the optimiser's state";
  /** Its class. */
  readonly kind: new (...values: never[]) => Kind;
}

/** The parts of one executor. Disposing of it disposes of all of them. */
export class OwnedParts implements Disposable {
  readonly #parts = new Set<Disposable>();

  /** Makes a part. @param make gets a function to call when the part is disposed of */
  add<Kind extends Part>(make: (forget: () => void) => Kind): Kind {
    const part = make(() => this.#parts.delete(part));
    this.#parts.add(part);
    return part;
  }

  /**
   * Checks that something is a part and can be used.
   *
   * @throws {Error} if it was disposed of
   * @throws {TypeError} if another executor made it
   */
  check<Kind extends Part>(given: unknown, { action, what, kind }: PartCheck<Kind>): Kind {
    if (given instanceof kind) {
      checkNotDisposed(action, what, given.disposed);
      if (this.#parts.has(given)) return given;
    }
    throw new TypeError(`Cannot ${action}: ${what} must be of the same executor`);
  }

  [Symbol.dispose](): void {
    for (const part of [...this.#parts]) part[Symbol.dispose]();
  }
}
