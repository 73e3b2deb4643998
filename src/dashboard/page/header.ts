/// <reference lib="dom" />
/** The head of the page: the run, its state, and its figures. @module */
import type { ConnectionState } from "./connection.ts";
import { element, find, setText } from "./dom.ts";
import { describeStatus, formatCount, formatDuration, formatShare, formatValue } from "./format.ts";
import { type PageState, type RunView, stepsPerEpoch } from "./state.ts";

/**
 * The connection of the page. `embedded`: the page holds the run, and needs no connection. `worker`: a worker of the page trains it,
 * so that it can always go on.
 */
export interface Link {
  readonly state: ConnectionState | "embedded" | "worker";
  readonly message: string;
}

/** The head of the page. */
export interface Header {
  render(state: PageState, shown: RunView | undefined, link: Link): void;
}

/** Makes the head work. @param onPick called with the number of the run that was chosen */
export function createHeader(onPick: (run: number) => void): Header {
  const picker = find("run-picker", HTMLSelectElement);
  const name = find("run-name", HTMLElement);
  picker.addEventListener("change", () => onPick(Number(picker.value)));
  let listed = "";
  return {
    render(state, shown, link): void {
      const runs = [...state.runs.values()];
      const list = runs.map(({ run, name }) => `${run} ${name}`).join("\n");
      if (list !== listed) {
        listed = list;
        picker.replaceChildren(
          ...runs.map(({ run, name }) =>
            element("option", { attributes: { value: String(run) } }, name)
          ),
        );
      }
      picker.hidden = runs.length < 2;
      name.classList.toggle("hidden", runs.length > 1);
      if (shown !== undefined) picker.value = String(shown.run);
      setText(name, shown?.name ?? "No run yet");
      document.title = shown === undefined ? "Carry" : titleOf(shown);
      renderState(shown, link);
      renderFigures(shown);
    },
  };
}

function titleOf({ name, status, epochs }: RunView): string {
  const exactMatch = epochs.at(-1)?.exactMatch;
  const figure = exactMatch === undefined ? "" : `${formatShare(exactMatch)} · `;
  const share = status.state === "training" && status.steps > 0
    ? `${Math.floor(100 * status.step / status.steps)} % · `
    : "";
  return `${share}${figure}${name} · Carry`;
}

function renderState(shown: RunView | undefined, { state, message }: Link): void {
  const broken = state === "lost" || state === "refused";
  const pill = find("state", HTMLElement);
  pill.dataset.state = broken ? state : shown?.status.state ?? "waiting";
  setText(find("state-text", HTMLElement), describeState(shown, state));
  const notice = find("notice", HTMLElement);
  notice.hidden = !broken;
  setText(
    notice,
    state === "refused"
      ? `${message}. Open the address that the server has printed: it ends with the token.`
      : broken
      ? `${message}. The page shows the last state that it has received, and tries to connect again.`
      : "",
  );
}

function describeState(shown: RunView | undefined, state: Link["state"]): string {
  if (state === "lost") return "Connection lost: reconnecting";
  if (state === "refused") return "Access denied";
  if (shown === undefined) return state === "connecting" ? "Connecting" : "No run yet";
  if (state === "worker" && shown.status.state === "interrupted") return "Paused";
  return describeStatus(shown.status);
}

function renderFigures(shown: RunView | undefined): void {
  const status = shown?.status;
  const last = shown?.epochs.at(-1);
  const set = (id: string, text: string | undefined): void =>
    setText(find(id, HTMLElement), text ?? "–");
  find("progress", HTMLProgressElement).value = status && status.steps > 0
    ? status.step / status.steps
    : 0;
  set("exact-match", last && formatShare(last.exactMatch));
  set("character-accuracy", last && formatShare(last.characterAccuracy));
  set("accuracy-name", shown?.start?.model.target.separator ? "Symbols" : "Characters");
  set("validation-loss", last && formatValue(last.validationLoss));
  set("step", status && `${formatCount(status.step)} of ${formatCount(status.steps)}`);
  set("epoch", shown && describeEpoch(shown));
  set("time-left", describeTimeLeft(status));
  set(
    "speed",
    status?.examplesPerSecond == null ? undefined : formatCount(status.examplesPerSecond),
  );
  const backend = shown?.start?.backend;
  set("backend", backend && `${backend.name}: ${backend.reason}`);
}

function describeEpoch(run: RunView): string | undefined {
  const { start, status, epochs } = run;
  if (start === undefined) return undefined;
  const under = status.state === "training" && epochs.length < start.training.epochs;
  const began = under ? Math.floor(status.step / stepsPerEpoch(run)) + 1 : epochs.length;
  const all = start.training.epochs;
  return `${formatCount(Math.min(began, all))} of ${formatCount(all)}`;
}

function describeTimeLeft(status: RunView["status"] | undefined): string | undefined {
  if (status?.state === "ended") return "done";
  return status?.leftMs == null ? undefined : formatDuration(status.leftMs);
}
