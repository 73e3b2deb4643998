/// <reference lib="dom" />
/** Sentences that the engine has for people. @module */
import { element, find } from "../../dashboard/page/dom.ts";

/** The last sentences. */
export interface Notes {
  /** Shows a sentence below the others, unless it is there already. */
  tell(text: string): void;
  /** Removes all. */
  clear(): void;
}

/** Sentences that are shown at a time. */
const MOST = 3;

/** Makes the list work. */
export function createNotes(): Notes {
  const host = find("notes", HTMLElement);
  return {
    tell(text): void {
      if (Array.from(host.children).some(({ textContent }) => textContent === text)) return;
      host.append(element("p", {}, text));
      while (host.children.length > MOST) host.firstChild?.remove();
    },
    clear: () => host.replaceChildren(),
  };
}
