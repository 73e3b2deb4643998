/// <reference lib="dom" />
/** The offer to open the run that the browser keeps. @module */
import { find, setText } from "../../dashboard/page/dom.ts";
import { formatCount } from "../../dashboard/page/format.ts";
import type { Engine, KeptRun } from "../engine.ts";
import { perform } from "./perform.ts";

/** Makes the offer work. @param onRun called when the run was opened @returns shows what is kept now */
export function offerKeptRun(
  engine: Pick<Engine, "findKept" | "openKept" | "forgetKept">,
  onRun: () => void,
): () => Promise<void> {
  const card = find("kept", HTMLElement);
  const complaint = find("start-error", HTMLElement);
  const open = find("kept-open", HTMLButtonElement);
  const forget = find("kept-forget", HTMLButtonElement);
  open.addEventListener("click", () => {
    void perform(open, complaint, async () => {
      await engine.openKept();
      onRun();
    });
  });
  forget.addEventListener("click", () => {
    void perform(forget, complaint, async () => {
      await engine.forgetKept();
      card.hidden = true;
      find("start-title", HTMLElement).focus();
    });
  });
  return async () => {
    const kept = await engine.findKept();
    card.hidden = kept === null;
    if (kept === null) return;
    setText(find("kept-title", HTMLElement), `This browser keeps a run: ${kept.title}`);
    setText(find("kept-text", HTMLElement), describe(kept));
  };
}

function describe({ step, steps, savedAt }: KeptRun): string {
  const when = new Date(savedAt).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  return `Step ${formatCount(step)} of ${formatCount(steps)}, kept on ${when}.`;
}
