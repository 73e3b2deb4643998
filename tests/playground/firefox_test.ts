import { assertEquals } from "@std/assert";
import { startPlaygroundServer } from "../../src/playground/playground_server.ts";
import { writePlayground } from "../../src/playground/write_playground.ts";
import { inFolder } from "../reliability/carry_process.ts";
import { FIREFOX, launchFirefox } from "./firefox.ts";

for (const from of ["disk", "a server"]) {
  Deno.test({
    name: `the playground from ${from} trains in Firefox, keeps its run over a reload, and answers`,
    ignore: FIREFOX === undefined,
    fn: () => from === "disk" ? withFile(tryPlayground) : withServer(tryPlayground),
  });
}

async function withFile(work: (address: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/playground.html`, await writePlayground());
    await work(`file://${folder}/playground.html`);
  });
}

async function withServer(work: (address: string) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  await using server = await startPlaygroundServer({
    port: 0,
    reportError: (error) => errors.push(error),
  });
  await work(server.url);
  assertEquals(errors, []);
}

async function tryPlayground(address: string): Promise<void> {
  await using tab = await launchFirefox();
  await tab.open(address);
  assertEquals(await tab.evaluate("crossOriginIsolated"), address.startsWith("http:"));
  await tab.evaluate(`for (const [id, value] of ${JSON.stringify(FIELDS)}) {
    document.getElementById(id).value = value;
  }`);
  await tab.evaluate("document.getElementById('training').requestSubmit()");
  await tab.until("!document.getElementById('learned').hidden"); // an epoch is over
  await tab.until("!document.getElementById('pause').disabled"); // the buttons are drawn after it
  await tab.evaluate("document.getElementById('pause').click()");
  await tab.until(`${textOf("#state-text")} === "Paused"`);
  await tab.open(address);
  await tab.until("!document.getElementById('kept').hidden");
  await tab.evaluate("document.getElementById('kept-open').click()");
  await tab.until(`${textOf("#state-text")} === "Paused"`);
  await tab.evaluate("document.getElementById('question').value = '1+2'");
  await tab.evaluate("document.getElementById('ask').requestSubmit()");
  await tab.until(`document.querySelector("#answer .asked")?.textContent === "1+2 ="`);
  assertEquals(tab.problems, []);
}

/** A training that is long enough to be paused. */
const FIELDS = [["problem-digits", "1"], ["model-hiddenSize", "8"], ["training-epochs", "20000"]];

function textOf(selector: string): string {
  return `document.querySelector(${JSON.stringify(selector)}).textContent`;
}
