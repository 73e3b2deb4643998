/** The tasks whose examples are made here: copying and reversing strings, and products. @module */
import { forkPrng, type Prng } from "../../src/random/prng.ts";
import type { SetRequest, Task, TaskSet } from "./task_set.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** Most letters of a string. */
const MOST_LETTERS = 20;
/** Number of strings of every part. */
const PARTS = { train: 10_000, dev: 2_000, test: 2_000 } as const;

/** A string to itself. */
export const COPY: Task = describeStringTask("copy", {
  title: "strings of up to 20 random letters, as they are",
  answerOf: (text) => text,
});

/** A string to its letters from the last to the first. */
export const REVERSAL: Task = describeStringTask("reversal", {
  title: "strings of up to 20 random letters, reversed",
  answerOf: (text) => [...text].reverse().join(""),
});

/** Products of two numbers of up to two digits. Both sides are what the training holds back. */
export const MULTIPLICATION: Task = {
  name: "multiplication",
  title: "products of two numbers of up to two digits; a tenth is held back",
  needsData: false,
  figure: "accuracy",
  goal: "≥ 95 %",
  findSets: () =>
    Promise.resolve([{
      language: "",
      learned: ["--problem=multiplication", "--digits=2"],
      asked: null,
    }]),
};

function describeStringTask(
  name: string,
  { title, answerOf }: { readonly title: string; answerOf(text: string): string },
): Task {
  return {
    ...{ name, title, needsData: false, figure: "accuracy", goal: "≥ 99.9 %" },
    async findSets({ made, side }: SetRequest): Promise<readonly TaskSet[]> {
      const paths: Record<string, string> = {};
      const drawn = drawStrings(forkPrng(0, "strings")); // all parts from one stream, so that they share none
      for (const [part, count] of Object.entries(PARTS)) {
        const texts = drawn.splice(0, count);
        paths[part] = `${made}/${name}_${part}.tsv`;
        const lines = texts.map((text) => `${text}\t${answerOf(text)}\n`);
        await Deno.writeTextFile(paths[part], lines.join(""));
      }
      return [{
        language: "",
        learned: [`--data=${paths.train}`, `--validation=${paths.dev}`],
        asked: paths[side]!,
      }];
    },
  };
}

/** Draws different strings. Every length is as likely as another, as long as it has strings that were not drawn. */
function drawStrings(prng: Prng): string[] {
  const drawn = new Set<string>();
  const wanted = Object.values(PARTS).reduce<number>((a, b) => a + b, 0);
  while (drawn.size < wanted) {
    const length = 1 + prng.nextInt(MOST_LETTERS);
    drawn.add(Array.from({ length }, () => LETTERS[prng.nextInt(LETTERS.length)]).join(""));
  }
  return [...drawn];
}
