/// <reference lib="dom" />
/** The theme: automatic, light or dark. The browser remembers it. @module */
import { watchChoice } from "./dom.ts";

const KEY = "carry-theme";

/** Applies the remembered theme, and every theme that is chosen. @param onChange called after the colours have changed */
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

/** Reads the theme. A browser may block the storage, for example of a page from a file. */
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
  } catch { /* the theme is not remembered */ }
}
