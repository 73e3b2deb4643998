/** An evaluation as text for people, as wide as the terminal. @module */
import {
  describeWeights,
  formatCount,
  formatInterval,
  formatPlural,
  formatShare,
} from "../evaluation/format.ts";
import type { EvaluationReport, ReportHead } from "../evaluation/report.ts";
import type { AnsweredQuestion } from "../evaluation/worst_answers.ts";
import { wrapWords } from "../evaluation/columns.ts";
import { describeEnsemble } from "./evaluation_ensemble.ts";
import { describeGroups } from "./evaluation_groups.ts";
import { escapeText } from "../arguments/escape.ts";
import { layTable } from "./text_table.ts";
import type { Line } from "./terminal.ts";

/** Width of the names of figures. */
const NAME_COLUMNS = 20;
/** Describes an evaluation in lines of at most some columns. */
export function describeEvaluation(
  report: EvaluationReport,
  head: ReportHead,
  columns: number,
): Line[] {
  const sections = [
    describeHead(report, head, columns),
    describeFigures(report, columns),
    ...describeEnsemble(report, head, columns),
    describeEdgeCases(report, head, columns),
    ...report.groups.filter(({ cells }) => cells.length > 1).map((groups) =>
      describeGroups(groups, report.complete, columns)
    ),
    describeCalibration(report, columns),
    describeWorst(report, head, columns),
    describeBeyond(report, head, columns),
    describeBaselines(report, columns),
  ];
  return sections.filter((lines) => lines.length > 0)
    .flatMap((lines, i) => i === 0 ? lines : ["", ...lines]);
}

function describeHead({ examples }: EvaluationReport, head: ReportHead, columns: number): Line[] {
  const { run, problem, asked } = head;
  return [
    ...wrapWords(escapeText(`${run}: ${problem}; ${describeWeights(head)}`), columns),
    ...wrapWords(escapeText(`Asked: ${formatPlural(examples, "example")}, ${asked}`), columns),
  ];
}

function describeFigures(report: EvaluationReport, columns: number): Line[] {
  const { examples, refused, refusedReason, right, exactMatch, calibration, complete } = report;
  const { exactMatchInterval, symbolErrorRate } = report;
  return [
    [
      "Exact match",
      `${formatShare(exactMatch)} (${
        complete ? "of all there are" : `95 % interval ${formatInterval(exactMatchInterval)}`
      })`,
    ],
    [
      "Word error rate",
      `${formatShare(report.wordErrorRate)}, ${formatCount(examples - right)} of ${
        formatCount(examples)
      } wrong`,
    ],
    ...(refused === 0 ? [] : [[
      "Not to be answered",
      `${formatCount(refused)} of these ${refused === 1 ? "counts" : "count"} as wrong, such as ${
        escapeText(refusedReason!)
      }`,
    ]]),
    ["Character accuracy", `${formatShare(report.characterAccuracy)} (padding included)`],
    ["Symbol error rate", symbolErrorRate === null ? "none" : formatShare(symbolErrorRate)],
    ["Loss", report.loss.toPrecision(3)],
    [
      "Calibration error",
      `${formatShare(calibration.expectedCalibrationError)} (Brier score ${
        calibration.brierScore.toPrecision(2)
      })`,
    ],
  ].flatMap(([name, figure]) => describeFigure(name!, figure!, columns));
}

function describeFigure(name: string, figure: string, columns: number): string[] {
  const [first, ...others] = wrapWords(figure, Math.max(10, columns - NAME_COLUMNS));
  return [
    name.padEnd(NAME_COLUMNS) + first,
    ...others.map((line) => " ".repeat(NAME_COLUMNS) + line),
  ];
}

function describeEdgeCases(
  { edgeCases }: EvaluationReport,
  { equals }: ReportHead,
  columns: number,
): Line[] {
  if (edgeCases === null) return [];
  const { examples, right, passed, failures } = edgeCases;
  return [
    [
      "Edge cases".padEnd(NAME_COLUMNS),
      { colour: passed ? "green" : "red", text: passed ? "passed" : "FAILED" },
      `, ${right} of ${examples}`,
    ],
    ...describeAnswers(failures, equals, columns),
  ];
}

function describeCalibration({ calibration: { bins } }: EvaluationReport, columns: number): Line[] {
  return layTable({
    title: "Probability of an answer, and how often it is right",
    head: ["answers", "mean", "right"],
    rows: bins.filter(({ examples }) => examples > 0).map((bin) => [
      `${Math.round(100 * bin.from)}–${Math.round(100 * bin.to)} %`,
      formatCount(bin.examples),
      formatShare(bin.meanProbability!),
      formatShare(bin.right / bin.examples),
    ]),
  }, columns);
}

function describeWorst(
  { worst, examples, right }: EvaluationReport,
  { equals }: ReportHead,
  columns: number,
): Line[] {
  if (worst.length === 0) return [];
  return [
    ...wrapWords(
      `Worst answers: of ${
        formatCount(examples - right)
      } wrong ones, those that the model is most sure of`,
      columns,
    ),
    ...describeAnswers(worst, equals, columns),
  ];
}

/** Describes answers, a line each if there is room: `  1+1=1  correct 2  71.00 %`. */
function describeAnswers(
  answers: readonly AnsweredQuestion[],
  equals: string,
  columns: number,
): string[] {
  return answers.flatMap(({ question, guess, target, probability }) =>
    wrapWords(
      `  ${escapeText(question + equals + guess)}  correct ${escapeText(target)}  ${
        formatShare(probability).replace(" ", "\u00a0")
      }`,
      columns,
      4,
    )
  );
}

function describeBeyond(
  { beyond }: EvaluationReport,
  { equals }: ReportHead,
  columns: number,
): Line[] {
  if (beyond === null) return [];
  const { drawn, examples, right, exactMatch, reason, failures } = beyond;
  const result = exactMatch === null
    ? `none of ${formatCount(drawn)} questions can be asked`
    : `${formatShare(exactMatch)} right, ${formatCount(right)} of ${
      formatCount(examples)
    } (95 % interval ${formatInterval(beyond)})`;
  const rest = reason === null || exactMatch === null
    ? []
    : [`The other ${formatCount(drawn - examples)} that were drawn cannot be asked`];
  return [
    ...describeFigure("One size beyond", result, columns),
    ...[...rest, ...(reason === null ? [] : [`For example, ${escapeText(reason)}`])]
      .flatMap((note) => wrapWords(`  ${note}`, columns, 2)),
    ...describeAnswers(failures, equals, columns),
  ];
}

function describeBaselines({ baselines, exactMatch }: EvaluationReport, columns: number): Line[] {
  if (baselines.length === 0) return [];
  return layTable({
    ...{ title: "Compared with other ways to answer", head: ["right"] },
    rows: [
      ["this run", formatShare(exactMatch)],
      ...baselines.map((each) => [each.title, formatShare(each.exactMatch)]),
    ],
  }, columns);
}
