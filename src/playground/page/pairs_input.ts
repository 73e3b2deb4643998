/// <reference lib="dom" />
/** The box for people's own pairs: opened, dropped, pasted or typed. @module */
import { element, find, setText } from "../../dashboard/page/dom.ts";
import { type GivenPairs, givePairs, readFirstLines } from "./given_pairs.ts";

/** The box. */
export interface PairsInput {
  /** The pairs that were given; undefined for none. */
  readonly given: GivenPairs | undefined;
}

/** A longer text that is pasted is kept as a file: a text area of a million lines would stop the page. */
const LONGEST_TYPED = 20_000;

/** Makes the box work. @param onChange called when other pairs were given */
export function createPairsInput(onChange: () => void): PairsInput {
  const text = find("pairs-text", HTMLTextAreaElement);
  const file = find("pairs-file", HTMLInputElement);
  const remove = find("pairs-remove", HTMLButtonElement);
  let given: GivenPairs | undefined;

  function take(next: GivenPairs | undefined): void {
    given = next;
    setText(find("pairs-name", HTMLElement), next === undefined ? "" : describe(next));
    text.hidden = next !== undefined;
    remove.hidden = next === undefined;
    void showPreview(next);
    onChange();
  }
  async function showPreview(shown: GivenPairs | undefined): Promise<void> {
    const lines = shown === undefined ? [] : await readFirstLines(shown).catch(() => []);
    if (shown === given) drawPreview(lines);
  }
  function takeFiles(files: FileList | null | undefined): void {
    const [first] = files ?? [];
    if (first !== undefined) take({ name: first.name, content: first });
  }

  file.addEventListener("change", () => {
    takeFiles(file.files);
    file.value = ""; // the same file can be opened again
  });
  remove.addEventListener("click", () => {
    text.value = "";
    take(undefined);
    text.focus();
  });
  text.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (text.value.length + pasted.length <= LONGEST_TYPED) return;
    event.preventDefault();
    take(givePairs(text.value + pasted));
  });
  text.addEventListener("input", () => {
    given = text.value === "" ? undefined : givePairs(text.value);
    onChange();
  });
  acceptDrops(find("drop", HTMLElement), takeFiles);
  return {
    get given() {
      return given;
    },
  };
}

/** Takes files that are dropped on an element. A file that is dropped beside it must not replace the page. */
function acceptDrops(host: HTMLElement, onDrop: (files: FileList | undefined) => void): void {
  const isInside = ({ target }: Event): boolean => target instanceof Node && host.contains(target);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    host.toggleAttribute("data-over", isInside(event));
  });
  addEventListener("dragleave", () => host.removeAttribute("data-over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    host.removeAttribute("data-over");
    if (isInside(event)) onDrop(event.dataTransfer?.files);
  });
}

function drawPreview(lines: readonly (readonly string[])[]): void {
  const table = find("pairs-preview", HTMLTableElement);
  table.hidden = lines.length === 0;
  table.tBodies[0]!.replaceChildren(
    ...lines.map((cells) =>
      element("tr", {}, ...cells.map((cell) => element("td", {}, element("bdi", {}, cell))))
    ),
  );
}

function describe({ name, content: { size } }: GivenPairs): string {
  return `${name}, ${describeSize(size)}`;
}

function describeSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
