/** How objects show themselves in a notebook. @module */

/** The name of the method that Deno's Jupyter kernel calls on an object to show it. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** The same content in one or more formats, by media type. A notebook shows the richest that it can. */
export interface MediaBundle {
  /** As text, for terminals and for screen readers. */
  readonly "text/plain": string;
  /** As HTML without scripts. */
  readonly "text/html"?: string;
  /** As a picture. */
  readonly "image/svg+xml"?: string;
}

/** An object that shows itself in a notebook. */
export interface Displayed {
  /** Gives what a notebook shows. */
  [DISPLAY](): MediaBundle | Promise<MediaBundle>;
}

/**
 * Gives an object a method that shows it in a notebook. The method is not enumerable, so that copies, comparisons and JSON of the
 * object stay as they were.
 *
 * @param show gives what is shown; it may load what draws it, so that programs without a notebook need not
 */
export function showAs<T extends object>(
  value: T,
  show: (value: T) => MediaBundle | Promise<MediaBundle>,
): T {
  return Object.defineProperty(value, DISPLAY, { value: () => show(value) });
}
