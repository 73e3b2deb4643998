/** The refusal of a request. @module */

/** What a refusal may have besides its sentence. */
export interface RefusalOptions {
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the JSON object. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Says why a request is refused, in a sentence for the client. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** HTTP status, from 400 on. */
  readonly status: number;
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Further fields of the JSON object. */
  readonly fields: Readonly<Record<string, unknown>>;

  /** @param message the sentence; it must say nothing of this machine, such as a path */
  constructor(status: number, message: string, options: RefusalOptions = {}) {
    super(message);
    this.status = status;
    this.headers = options.headers ?? {};
    this.fields = options.fields ?? {};
  }
}
