/** Things that are released together. The platform's `DisposableStack` is missing in Node 20 and 22 and in older browsers. @module */

/** Releases what it holds in reverse order. Declare it with `using`, or dispose of it. */
export class Resources implements Disposable {
  #releases: (() => void)[] = [];

  /** Takes something that is to be disposed of, and gives it back. */
  use<T extends Disposable>(resource: T): T {
    this.defer(() => resource[Symbol.dispose]());
    return resource;
  }

  /** Takes a function that releases something. */
  defer(release: () => void): void {
    this.#releases.push(release);
  }

  /** Gives everything to another holder: this one then holds nothing. */
  move(): Resources {
    const moved = new Resources();
    moved.#releases = this.#releases;
    this.#releases = [];
    return moved;
  }

  /** Releases everything, also if something cannot be released. @throws the first error of a release */
  [Symbol.dispose](): void {
    const errors: unknown[] = [];
    for (
      let release = this.#releases.pop();
      release !== undefined;
      release = this.#releases.pop()
    ) {
      try {
        release();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
