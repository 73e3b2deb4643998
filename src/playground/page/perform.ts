/// <reference lib="dom" />
/** Buttons whose work takes time and may fail. @module */
import { setText } from "../../dashboard/page/dom.ts";

/** Does the work of a button. Until it is done the button cannot be pressed again. @param complaint shows the reason of a failure */
export async function perform(
  button: HTMLButtonElement | HTMLInputElement,
  complaint: HTMLElement,
  work: () => Promise<void>,
): Promise<void> {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true"; // not disabled: a disabled button loses the focus
  setText(complaint, "");
  try {
    await work();
  } catch (error) {
    setText(complaint, error instanceof Error ? error.message : String(error));
  } finally {
    button.ariaBusy = null;
  }
}
