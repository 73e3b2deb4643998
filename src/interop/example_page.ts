/** The page of the programs that use exported files in a browser. @module */
import { type Head, listNotes } from "./example_head.ts";

/** What a page has that others have not. */
interface Page extends Pick<Head, "what" | "notes"> {
  /** The path of the exported file or folder. */
  readonly file: string;
  /** The library, an ES module: the name that the script has for it, and its address. */
  readonly library: { readonly name: string; readonly address: string };
  /**
   * JavaScript that defines `answer(indices)`, which gives the text of an answer or a promise of it, and what JAVASCRIPT_TEXTS does. It
   * has the library; `file`, the address of the exported file; `load(address)`, which gives a response; and `refuse(sentence)`.
   */
  readonly script: string;
}

/**
 * Writes a page that asks a model. It stands beside the exported file. Whatever goes wrong is shown in place of an answer: in a module
 * that is an event of the window, or of a promise that nobody waits for.
 */
export function writePage({ what, notes, file, library, script }: Page): string {
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Questions and answers</title>
<!--
${what}, in a page that stands beside the exported model.

Install: nothing
Run:     python3 -m http.server, in the folder of both; then open this page at http://localhost:8000.
         A browser loads no model from a disk.

${listNotes(notes).join("\n")}
-->
<form>
  <label>Question <input id="question" autofocus></label>
  <button id="ask" disabled>Ask</button>
  <output id="answer">Loading the model</output>
</form>
<script>
/** Shows in place of an answer why there is none. */
function showFault({ error, reason = error, message }) {
  document.querySelector("#answer").textContent = reason?.message ?? message;
}
addEventListener("error", showFault);
addEventListener("unhandledrejection", showFault);
</script>
<script type="module">
/** Goes no further, and says why. */
function refuse(sentence) {
  throw new Error(sentence);
}

/** Loads a file of the model. */
async function load(address) {
  const response = await fetch(address).catch(() => refuse("Cannot load " + address));
  if (!response.ok) refuse("Cannot load " + address + ": the server answers " + response.status);
  return response;
}

if (location.protocol === "file:") {
  refuse("A server must give this page and the model: a browser loads no model from a disk");
}
const address = ${JSON.stringify(library.address)};
const ${library.name} = await import(address).catch(() => refuse("Cannot load " + address));
const file = ${JSON.stringify(writeAddress(file))};
${script}
document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const indices = encode(document.querySelector("#question").value, source);
  document.querySelector("#answer").textContent = await answer(indices);
});
document.querySelector("#answer").textContent = "";
document.querySelector("#ask").disabled = false;
</script>
</html>
`;
}

/** Gives the address of a file beside a page: the last name of its path, whichever way its folders are divided. */
function writeAddress(path: string): string {
  return encodeURIComponent(path.split(/[\\/]/).findLast((name) => name !== "") ?? path);
}
