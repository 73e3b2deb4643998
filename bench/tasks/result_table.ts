/** The table of results: mean and range over seeds, by language and as the mean of all languages. @module */
import { formatTable } from "../setting.ts";
import type { TaskResult } from "./result_file.ts";
import type { Task } from "./task_set.ts";

const HEAD = [
  "task",
  "language",
  "answered by",
  "figure",
  "mean %",
  "lowest–highest %",
  "seeds",
  "pairs",
  "asked",
  "parameters",
  "epochs",
  "seconds",
  "processor s",
  "goal",
];

/** Writes the results as a Markdown table. */
export function formatResults(results: readonly TaskResult[], tasks: readonly Task[]): string {
  const rows = tasks.flatMap((task) => {
    const own = results.filter((result) => result.task === task.name);
    return own.length === 0 ? [] : listRows(task, own);
  });
  return formatTable([HEAD, ...rows]);
}

function listRows(task: Task, results: readonly TaskResult[]): string[][] {
  const names = [...new Set(results.flatMap(({ figures }) => Object.keys(figures)))];
  const languages = Map.groupBy(results, ({ language }) => language);
  return names.flatMap((name) => {
    const rows = [...languages].map(([language, own]) => formatRow(task, { language, name, own }));
    return languages.size === 1
      ? rows.map((row) => [...row.slice(0, -1), task.goal])
      : [...rows, formatMacro(task, name, languages)];
  });
}

/** A language's results, and which of their figures is told. */
interface LanguageFigure {
  readonly language: string;
  readonly name: string;
  readonly own: readonly TaskResult[];
}

function formatRow(task: Task, { language, name, own }: LanguageFigure): string[] {
  const figures = own.flatMap(({ figures }) => figures[name] ?? []);
  return [
    ...[task.name, language, name, task.figure, ...formatShares(task, figures)],
    meanOf(own, ({ pairs }) => pairs).toFixed(0),
    meanOf(own, ({ asked }) => asked).toFixed(0),
    Math.round(meanOf(own, ({ parameters }) => parameters)).toLocaleString("en"),
    meanOf(own, ({ epochs }) => epochs).toFixed(0),
    ...formatCost(own),
    "",
  ];
}

/** The mean over languages of every seed that all languages have. */
function formatMacro(
  task: Task,
  name: string,
  languages: ReadonlyMap<string, readonly TaskResult[]>,
): string[] {
  const all = [...languages.values()];
  const seeds = all[0]!.map(({ seed }) => seed);
  const macros = seeds.flatMap((seed) => {
    const figures = all.map((own) =>
      own.find((result) => result.seed === seed)?.figures[name] ?? []
    );
    const count = Math.min(...figures.map(({ length }) => length));
    return Array.from({ length: count }, (_, i) => meanOf(figures, (models) => models[i]!));
  });
  return [
    ...[task.name, `mean of ${languages.size}`, name, task.figure, ...formatShares(task, macros)],
    ...["", "", "", ""],
    ...formatCost(all.flat()),
    task.goal,
  ];
}

/** Gives mean, range and number of some shares. */
function formatShares({ figure }: Task, shares: readonly number[]): string[] {
  if (shares.length === 0) return ["", "", "0"];
  const percents = shares.map((share) => 100 * (figure === "accuracy" ? share : 1 - share));
  const [mean, lowest, highest] = [
    meanOf(percents, (percent) => percent),
    Math.min(...percents),
    Math.max(...percents),
  ];
  return [mean.toFixed(2), `${lowest.toFixed(2)}–${highest.toFixed(2)}`, String(shares.length)];
}

function formatCost(results: readonly TaskResult[]): string[] {
  const processor = results.flatMap(({ processorSeconds }) => processorSeconds ?? []);
  return [
    meanOf(results, ({ seconds }) => seconds).toFixed(1),
    processor.length === 0 ? "" : meanOf(processor, (seconds) => seconds).toFixed(1),
  ];
}

function meanOf<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0) / items.length;
}
