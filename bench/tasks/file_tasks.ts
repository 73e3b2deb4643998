/** The tasks whose pairs are published files: pronunciation, spelling, inflection and commands. @module */
import { UsageError } from "../../src/cli/usage_error.ts";
import { type DataFolder, type FoundFile, openDataFolder, pathOf } from "./data_folder.ts";
import type { SetRequest, Side, Task, TaskSet } from "./task_set.ts";

/** How the files of a task are named, and what their columns are. */
interface FileNaming {
  /** The name of a file to train on. The group `language` is the language. */
  readonly train: RegExp;
  /** Names of the file of a side, of which the first that is there counts. */
  nameSide(language: string, side: Side): readonly string[];
  /** Options of `train` that say how the files are read. */
  readonly columns: readonly string[];
}

/** Word to pronunciation. */
export const G2P: Task = {
  name: "g2p",
  title: "pronunciations of words: LANG_train.tsv, LANG_dev.tsv, LANG_test.tsv",
  needsData: true,
  figure: "word error rate",
  goal: "one model ≤ 17.5 %, ensemble of 5 ≤ 15.5 %",
  findSets: (request) =>
    findSets(request, {
      train: /^(?<language>\w+)_train\.tsv$/,
      nameSide: (language, side) => [`${language}_${side}.tsv`],
      columns: ["--target-separator= "],
    }),
};

/** Old spelling to modern spelling. A line of the published training file lacks its first column. */
export const RIDGES: Task = {
  name: "ridges",
  title: "modern spellings of old words: train.tsv, dev.tsv, test.tsv",
  needsData: true,
  figure: "accuracy",
  goal: "≥ 86 % with memorised words",
  findSets: (request) =>
    findSets(request, {
      train: /^train\.tsv$/,
      nameSide: (_, side) => [`${side}.tsv`],
      columns: ["--bad-lines=skip"],
    }),
};

/** Lemma and features to an inflected form. The organisers' test files have no forms: those are in files that end in `.gold`. */
export const INFLECTION: Task = {
  name: "inflection",
  title: "inflected forms of lemmas: LANG_large.train, LANG.dev, LANG.gold or LANG.test",
  needsData: true,
  figure: "accuracy",
  goal:
    "kat 84.3 %, got 69.2 %, hun 74.2 %, ang 58.1 %; above 87.3, 72.2, 77.2, 61.1 % by 5 models",
  findSets: (request) =>
    findSets(request, {
      train: /^(?<language>\w+)_large\.train$/,
      nameSide: (language, side) =>
        side === "test" ? [`${language}.gold`, `${language}.test`] : [`${language}.dev`],
      columns: ["--question-column=1", "--answer-column=2", "--feature-columns=3"],
    }),
};

/** Commands to actions, word by word. */
export const SCAN: Task = {
  name: "scan",
  title: "commands to actions: train_simple.txt, test_simple.txt; for dev a tenth is held back",
  needsData: true,
  figure: "accuracy",
  goal: "≥ 99.8 %",
  findSets: findScan,
};

async function findSets(request: SetRequest, naming: FileNaming): Promise<readonly TaskSet[]> {
  const folder = await openDataFolder(request.data!);
  return folder.files.flatMap((file) => {
    const match = naming.train.exec(file.name);
    if (match === null) return [];
    return [describeSet(folder, { file, language: match.groups?.language ?? "", naming, request })];
  });
}

/** A file to train on. */
interface TrainingFile {
  readonly file: FoundFile;
  readonly language: string;
  readonly naming: FileNaming;
  readonly request: SetRequest;
}

function describeSet(
  folder: DataFolder,
  { file, language, naming: { nameSide, columns }, request: { side } }: TrainingFile,
): TaskSet {
  const dev = folder.findBeside(file, nameSide(language, "dev"));
  const validation = dev === undefined ? [] : [`--validation=${dev}`];
  return {
    language,
    learned: [`--data=${pathOf(file)}`, ...validation, ...columns],
    asked: requireSide(folder, file, { names: nameSide(language, side), side }),
  };
}

/** Finds the file of a side. @throws {UsageError} if there is none */
function requireSide(
  folder: DataFolder,
  file: FoundFile,
  { names, side }: { readonly names: readonly string[]; readonly side: Side },
): string {
  const found = folder.findBeside(file, names);
  if (found !== undefined) return found;
  throw new UsageError(
    `Cannot ask the ${side} side of "${pathOf(file)}": there must be a file ${
      names.map((name) => `"${name}"`).join(" or ")
    } in the folder of --data, but there is none`,
  );
}

async function findScan({ data, made, side }: SetRequest): Promise<readonly TaskSet[]> {
  const folder = await openDataFolder(data!);
  const file = folder.files.find(({ name }) => name === "train_simple.txt");
  if (file === undefined) return [];
  const asked = side === "dev"
    ? null
    : requireSide(folder, file, { names: ["test_simple.txt"], side });
  const separators = ["--source-separator= ", "--target-separator= "];
  return [{
    language: "",
    learned: [`--data=${await convertScan(pathOf(file), made)}`, ...separators],
    asked: asked === null ? null : await convertScan(asked, made),
  }];
}

/** Writes lines of `IN: … OUT: …` as a file of pairs. @returns its path */
async function convertScan(path: string, folder: string): Promise<string> {
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "");
  const pairs = lines.map((line, i) => {
    const match = /^IN: (?<question>\S.*?) OUT: (?<answer>\S.*)$/.exec(line.trimEnd());
    if (match !== null) return `${match.groups!.question}\t${match.groups!.answer}\n`;
    throw new UsageError(
      `Cannot read line ${i + 1} of "${path}": it must be "IN: … OUT: …", but is "${line}"`,
    );
  });
  const written = `${folder}/scan_${path.split("/").at(-1)!.replace(/\.txt$/, "")}.tsv`;
  await Deno.writeTextFile(written, pairs.join(""));
  return written;
}
