/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** Makes and finds elements. Text is never read as HTML. @module */

/** Options of an element. */
export interface ElementOptions {
  readonly class?: string;
  /** Attributes by name. The policy of the page forbids `style`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Custom properties of the style sheet, by name. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

/** Makes an element; strings become text nodes. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (options.class !== undefined) made.className = options.class;
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    made.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries(options.properties ?? {})) {
    made.style.setProperty(name, value);
  }
  if (options.onClick !== undefined) made.addEventListener("click", options.onClick);
  made.append(...children);
  return made;
}

/** Finds an element of index.html. @throws {TypeError} if it is missing or of another kind */
export function find<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`Cannot show the page: there is no ${kind.name} with the id "${id}"`);
}

/** Sets the text of a node if it differs: an unchanged node costs no layout. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Calls back when another radio button of a fieldset is chosen. */
export function watchChoice(
  fieldset: HTMLFieldSetElement,
  onChange: (value: string) => void,
): void {
  fieldset.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) onChange(event.target.value);
  });
}
