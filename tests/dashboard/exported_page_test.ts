/// <reference lib="dom" />
import { assert, assertEquals, assertMatch } from "@std/assert";
import { generateAddition } from "../../src/problem/addition.ts";
import { runCarry } from "../reliability/carry_process.ts";
import { CHROMIUM, launchBrowser } from "./browser.ts";

/** What the page shows of an answer. */
interface Shown {
  readonly question: string;
  readonly answer: string;
  /** In per cent, as it is written. */
  readonly sure: string;
  readonly by: string | null;
  readonly error: string;
}

async function run(args: readonly string[]): Promise<string[]> {
  const { code, lines, stderr } = await runCarry(args, { permissions: ["-A"] });
  assertEquals(code, 0, stderr);
  return [...lines];
}

Deno.test({
  name: "an exported page opens from disk and answers 200 sums as the command line does",
  ignore: CHROMIUM === undefined,
  async fn(): Promise<void> {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
    try {
      const [path, file] = [`${folder}/run`, `${folder}/exported.html`];
      const shape = ["--cell=gru", "--hidden-size=21", "--layers=2"];
      const problem = [
        "--digits=2",
        "--examples=500",
        "--batch-size=8",
        "--epochs=8",
        "--learning-rate=0.02",
      ];
      await run(["train", `--run=${path}`, ...shape, ...problem, "--backend=cpu"]);
      assertEquals(await run(["export", "--to=page", file, `--run=${path}`]), [file]);
      const questions = [...generateAddition({ digits: 2, examples: 200, seed: 9 })].map((
        { question },
      ) => question);
      const lines = await run(["predict", "--json", `--run=${path}`, ...questions]);
      const expected = lines.map((line) => JSON.parse(line));
      assert(new Set(expected.map(({ answer }) => answer)).size > 5, "the answers hardly differ");
      const { shown, refused, complaints, requests, title } = await askPage(file, questions);
      assertEquals(complaints, []);
      assertEquals(requests.filter((url) => !url.startsWith("data:")), [`file://${file}`]);
      assertEquals(title, "run");
      shown.forEach(({ question, answer, sure, by, error }, i) => {
        const { question: asked, answer: right, probability } = expected[i];
        assertEquals([question, answer, by, error], [
          `${asked} =`,
          right || "nothing",
          "browser",
          "",
        ]);
        const off = Math.abs(Number.parseFloat(sure) - 100 * probability);
        assert(off <= 0.02, `${asked}: the page says ${sure}, the command line ${probability}`);
      });
      assertEquals(shown.length, 200);
      assertMatch(refused, /^Cannot answer "1\+234": a number must have up to 2 digits/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Opens a file in a browser, asks, and listens to all it says. */
async function askPage(file: string, questions: readonly string[]): Promise<{
  readonly shown: readonly Shown[];
  readonly refused: string;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
  readonly title: string;
}> {
  const complaints: string[] = [];
  const requests: string[] = [];
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`file://${file}`);
  const shown = await page.evaluate(askAll, questions);
  const refused = await page.evaluate(askAll, ["1+234"]);
  const title = await page.locator("#run-name").innerText();
  return { shown, refused: refused[0]!.error, complaints, requests, title };
}

/** Runs in the page: types every question into the box and reads what appears. */
async function askAll(questions: readonly string[]): Promise<Shown[]> {
  const read = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
  const form = document.querySelector<HTMLFormElement>("#ask")!;
  const shown: Shown[] = [];
  for (const question of questions) {
    document.querySelector<HTMLInputElement>("#question")!.value = question;
    form.requestSubmit();
    while (form.hasAttribute("aria-busy")) await new Promise((resolve) => setTimeout(resolve));
    shown.push({
      question: read("#answer .equation .asked"),
      answer: read("#answer .equation .characters"),
      sure: read("#answer .equation .sure-of"),
      by: document.querySelector("#answer .source")?.getAttribute("data-by") ?? null,
      error: read("#ask-error"),
    });
  }
  return shown;
}
