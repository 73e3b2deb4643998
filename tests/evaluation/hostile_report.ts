/** Reports of evaluations for tests: of all kinds, and with texts that attack whoever shows them. @module */
import type { TextLayout } from "../../src/codec/layout.ts";
import type { EvaluationReport, ReportHead } from "../../src/evaluation/report.ts";
import { createTally } from "../../src/evaluation/tally.ts";
import type { Example } from "../../src/problem/example.ts";

/** Texts that attack a page, a terminal or a reader. */
export const ATTACKS: readonly string[] = [
  "</td></table><script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "'onmouseover='alert(1)",
  "&lt;b&gt;&#0;",
  "]]></style><style>*{display:none}",
  "\u202Egnp.exe\u2066\u200F",
  "\0\x1b[31m\x07\r\n\t\x7f\x9b",
  "\uD800 half, \uDC00 half",
  "\uFFFE\uFFFF",
  "a\u0301".repeat(40),
  "x".repeat(3000),
  "日本語 😀 שלום",
  "",
];

/** The head of a report. */
export const HEAD: ReportHead = {
  ...{ run: "checkpoints/run-0001", weights: "latest", step: 2816, equals: "=" },
  ...{ problem: "50,000 additions of up to 3 digits", asked: "the validation split" },
};

const LETTERS: TextLayout = {
  ...{ length: 2, symbols: ["", "a", "b"], padding: "", separator: "" },
  ...{ reverse: false, normalize: "none" },
};

/** How to make a report. */
export interface ReportOptions {
  /** Number of examples, every third of which is answered wrong. */
  readonly examples: number;
  /** Texts that occur as questions, answers, symbols and keys of groups. */
  readonly texts?: readonly string[];
  readonly complete?: boolean;
}

/** Makes a report with all of its parts. */
export function makeReport(
  { examples, texts = ["12+34"], complete = false }: ReportOptions,
): EvaluationReport {
  const textOf = (at: number): string => texts[at % texts.length]!;
  const symbols = ["", ...new Set(texts.filter((text) => text !== "")), "a", "b"];
  const target = { ...LETTERS, symbols };
  const tally = createTally({
    ...{ target, complete, worst: 20, readAnswer: (row) => textOf(row[0]!) },
    groupings: [
      { name: "texts", title: textOf(0), keyOf: ({ question }: Example) => question },
      {
        ...{ name: "grid", title: "Grid", grid: { rows: textOf(1), columns: textOf(2) } },
        keyOf: ({ question }: Example) => `${question.length % 3}+${question.length % 2}`,
      },
    ],
  });
  for (let at = 0; at < examples; at++) {
    const right = 1 + at % (symbols.length - 1);
    tally.add({
      ...{ count: 1, counted: 2, loss: 1 },
      targets: Uint8Array.of(right, 0),
      answers: Uint8Array.of(at % 3 === 0 ? (right + 1) % symbols.length : right, 0),
      confidence: Float32Array.of(1 - at % 7 / 10, 1),
      readExample: () => ({ question: textOf(at), answer: textOf(at + 1) }),
    });
  }
  tally.refuse(`the question ${textOf(0)}: too long`);
  const failures = texts.map((text) => ({
    ...{ question: text, target: text, guess: text, probability: 0.5 },
  }));
  return {
    ...tally.finish(),
    edgeCases: { examples: 20, right: 20 - failures.length, passed: false, failures },
    beyond: {
      ...{ drawn: 1000, examples: 10, right: 1, exactMatch: 0.1, low: 0.01, high: 0.4 },
      ...{ reason: `the question ${textOf(1)}: too long`, failures },
    },
    baselines: [{ name: "copying", title: textOf(2), right: 1, exactMatch: 0.25 }],
  };
}
