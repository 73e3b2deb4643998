/** A request that is not carried out. @module */

/** What goes with a refusal besides its sentence. */
export interface RefusalOptions {
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the JSON object. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Says why a request is not carried out, in a sentence that whoever sent it may read. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** HTTP status, from 400 on. */
  readonly status: number;
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Further fields of the JSON object. */
  readonly fields: Readonly<Record<string, unknown>>;

  /** @param message the sentence: nothing of the machine may be in it */
  constructor(status: number, message: string, options: RefusalOptions = {}) {
    super(message);
    this.status = status;
    this.headers = options.headers ?? {};
    this.fields = options.fields ?? {};
  }
}
