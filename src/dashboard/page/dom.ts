/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** Elements. Text is only ever set as text. @module */

/** What an element can be given besides its children. */
export interface ElementOptions {
  readonly class?: string;
  /** Attributes by name; never `style`, which the page's policy forbids. */
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

/** Sets a text if it is another one: an unchanged node costs no layout. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Reads which radio of a fieldset is chosen, and calls back when another one is. */
export function watchChoice(
  fieldset: HTMLFieldSetElement,
  onChange: (value: string) => void,
): void {
  fieldset.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) onChange(event.target.value);
  });
}
