/// <reference lib="dom" />
/** The two views of the page: the form, and the run. @module */
import { find } from "../../dashboard/page/dom.ts";

/** What the page shows. */
export type ViewName = "start" | "run";

/** Shows a view, and moves the focus to its beginning, so that a keyboard or a screen reader goes on there. */
export function showView(name: ViewName): void {
  document.body.dataset.view = name;
  scrollTo(0, 0);
  find("main", HTMLElement).focus({ preventScroll: true });
}
