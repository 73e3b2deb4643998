/// <reference lib="dom" />
/** Chooses an epoch: the newest, until the user moves the slider. @module */
import { element, setText } from "./dom.ts";

/** A slider over the epochs, with buttons. */
export interface EpochPicker {
  /** Sets the epochs. @param generation another number means the epochs of another history */
  update(epochs: readonly number[], generation: number): void;
  /** Index of the chosen epoch in the list; -1 if the list is empty. */
  readonly index: number;
}

const PLAY_MS = 450;

/** Makes the slider. @param onMove called when the user has chosen another epoch */
export function createEpochPicker(
  host: HTMLElement,
  subject: string,
  onMove: () => void,
): EpochPicker {
  const slider = element("input", {
    attributes: {
      type: "range",
      min: "0",
      max: "0",
      step: "1",
      "aria-label": `Epoch of ${subject}`,
    },
  });
  const label = element("output", { class: "epoch-label" });
  const button = (text: string, name: string, onClick: () => void): HTMLButtonElement =>
    element("button", { attributes: { type: "button", "aria-label": name }, onClick }, text);
  const previous = button("‹", `Previous epoch of ${subject}`, () => go(index - 1));
  const next = button("›", `Next epoch of ${subject}`, () => go(index + 1));
  const play = button("Play", `Play the epochs of ${subject}`, () => playing ? stop() : start());
  const newest = button("Newest", `Follow the newest epoch of ${subject}`, () => {
    stop();
    follows = true;
    go(epochs.length - 1, true);
  });
  host.classList.add("epoch-picker");
  host.append(previous, slider, next, label, play, newest);

  let epochs: readonly number[] = [];
  let generation = 0;
  let index = -1;
  let follows = true;
  let playing: ReturnType<typeof setInterval> | undefined;

  function go(to: number, follow = false): void {
    index = Math.min(epochs.length - 1, Math.max(0, to));
    follows = follow;
    show();
    onMove();
  }
  function start(): void {
    go(index >= epochs.length - 1 ? 0 : index);
    playing = setInterval(() => {
      if (index >= epochs.length - 1) stop();
      else go(index + 1);
    }, PLAY_MS);
    show();
  }
  function stop(): void {
    clearInterval(playing);
    playing = undefined;
    show();
  }
  function show(): void {
    host.hidden = epochs.length === 0;
    slider.max = String(Math.max(0, epochs.length - 1));
    slider.value = String(index);
    slider.setAttribute("aria-valuetext", `epoch ${epochs[index]}`);
    previous.disabled = index <= 0;
    next.disabled = index >= epochs.length - 1;
    newest.setAttribute("aria-pressed", String(follows));
    setText(play, playing === undefined ? "Play" : "Stop");
    setText(label, `Epoch ${epochs[index] ?? "–"}`);
  }
  slider.addEventListener("input", () => {
    stop();
    go(Number(slider.value));
  });

  show();
  return {
    get index(): number {
      return index;
    },
    update(list, of): void {
      if (of !== generation) follows = true;
      generation = of;
      epochs = list;
      if (follows || index >= epochs.length) index = epochs.length - 1;
      if (index < 0 && epochs.length > 0) index = 0;
      show();
    },
  };
}
