/// <reference lib="dom" />
/** Auto, light or dark; remembered where the browser lets us. @module */
import { watchChoice } from "./dom.ts";

const KEY = "carry-theme";

/** Applies the remembered theme, and the one that is chosen. @param onChange called after colours changed, whoever changed them */
export function startTheme(fieldset: HTMLFieldSetElement, onChange: () => void): void {
  const apply = (theme: string): void => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    onChange();
  };
  for (const radio of fieldset.querySelectorAll("input")) {
    radio.checked = radio.value === recall();
  }
  apply(recall());
  watchChoice(fieldset, (theme) => {
    remember(theme);
    apply(theme);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
}

/** A page from a file, or one with its storage blocked, remembers nothing. */
function recall(): string {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "light" || theme === "dark" ? theme : "auto";
  } catch {
    return "auto";
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch { /* shown now, not remembered */ }
}
