/// <reference lib="dom" />
/** Keyboard control of tables of buttons: Tab moves to the table, the arrow keys move inside it. @module */

/**
 * Lets the arrow keys, Home and End move among the buttons of a table. The Tab key reaches the button that had the focus last.
 */
export function moveByArrows(table: HTMLElement): void {
  const buttons = [...table.querySelectorAll("button")];
  buttons.forEach((button, i) => button.tabIndex = i === 0 ? 0 : -1);
  table.addEventListener("keydown", (event) => {
    const from = document.activeElement;
    if (!(from instanceof HTMLButtonElement)) return;
    const to = findNext(table, from, event.key);
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
  });
  table.addEventListener("focusin", ({ target }) => {
    for (const button of buttons) button.tabIndex = button === target ? 0 : -1;
  });
}

function findNext(
  table: HTMLElement,
  from: HTMLButtonElement,
  key: string,
): HTMLButtonElement | undefined {
  const rows = [...table.querySelectorAll("tr")]
    .map((row) => [...row.querySelectorAll("button")])
    .filter((row) => row.length > 0);
  const row = rows.findIndex((buttons) => buttons.includes(from));
  const column = rows[row]?.indexOf(from) ?? -1;
  switch (key) {
    case "ArrowRight":
      return rows[row]?.[column + 1];
    case "ArrowLeft":
      return rows[row]?.[column - 1];
    case "ArrowDown":
      return rows[row + 1]?.[Math.min(column, rows[row + 1]!.length - 1)];
    case "ArrowUp":
      return rows[row - 1]?.[Math.min(column, rows[row - 1]!.length - 1)];
    case "Home":
      return rows[row]?.[0];
    case "End":
      return rows[row]?.at(-1);
    default:
      return undefined;
  }
}
