/** `export`: writes a run, or the playground, in a format that works without this program. @module */
import { type Examples, type Language, LANGUAGES } from "../interop/examples.ts";
import { type Command, RUN_OPTION, WEIGHTS_OPTION } from "./command.ts";
import {
  EXPORT_TARGETS,
  type ExportTarget,
  OPTIMIZER_OPTION,
  RATE_OPTION,
  type TargetName,
} from "./export_targets.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { openOutput, OVERWRITE_OPTION } from "./output_file.ts";
import { openOutputFolder } from "./output_folder.ts";
import { print, printError, printText } from "./terminal.ts";
import { nameProgram } from "./program.ts";
import { quoteWord } from "./shell.ts";
import { UsageError } from "./usage_error.ts";

const NAMES = Object.keys(EXPORT_TARGETS) as TargetName[];

const EXAMPLE_OPTION: OptionSpec = {
  name: "example",
  value: "LANGUAGE",
  help: `print a program that answers with FILE, and write nothing else: ${LANGUAGES.join(", ")}`,
};

/** Options of some formats. */
const FORMAT_OPTIONS = [RUN_OPTION, WEIGHTS_OPTION, OPTIMIZER_OPTION, RATE_OPTION];

/** The command. */
export const EXPORT_COMMAND: Command = {
  positionals: "FILE",
  options: [
    {
      name: "to",
      value: "FORMAT",
      help: `${
        NAMES.map((name) => `${name} (${EXPORT_TARGETS[name].help})`).join("; ")
      } (required)`,
    },
    ...FORMAT_OPTIONS,
    EXAMPLE_OPTION,
    { ...OVERWRITE_OPTION, help: "replace the file or the folder if it exists" },
  ],
  examples: [
    "export --to page run.html",
    "export --to page best.html --run ./checkpoints/run-0001 --weights best",
    "export --to playground playground.html",
    "export --to keras model.keras --optimizer",
    "export --to onnx model.onnx",
    "export --to onnx model.onnx --example python > ask.py",
  ],
  run: runExport,
};

async function runExport(typed: TypedOptions): Promise<number> {
  const name = typed.choice("to", NAMES);
  if (name === undefined) {
    throw new UsageError("Cannot export: the option --to is required, as in --to page FILE");
  }
  const target = EXPORT_TARGETS[name];
  const file = readFileName(typed.positionals, name, target);
  refuseOtherOptions(typed, name, target);
  const language = typed.choice(EXAMPLE_OPTION.name, LANGUAGES);
  if (language !== undefined) {
    refuseWithExample(typed);
    printText((await findExample(name, target, language))(file));
    return 0;
  }
  await write(target, file, typed);
  print(file);
  if (target.examples !== undefined) {
    const [first] = Object.keys(await target.examples());
    printError(
      `A program that uses it: ${nameProgram()} export --to ${name} ${
        quoteWord(file)
      } --example ${first}`,
    );
  }
  return 0;
}

async function write(target: ExportTarget, file: string, typed: TypedOptions): Promise<void> {
  const options = { overwrite: typed.flag(OVERWRITE_OPTION.name) };
  if (target.is === "folder") {
    const makeFiles = await target.plan(typed);
    const output = await openOutputFolder(file, options);
    await output.write(await makeFiles());
    return;
  }
  const makeContent = await target.plan(typed);
  const output = await openOutput(file, options);
  await output.write([await makeContent()]);
}

/** Gives what writes a program that uses the file. @throws {UsageError} if there is none for the language */
async function findExample(
  name: TargetName,
  target: ExportTarget,
  language: Language,
): Promise<(file: string) => string> {
  const examples: Examples = await target.examples?.() ?? {};
  const example = examples[language];
  if (example !== undefined) return example;
  const languages = Object.keys(examples);
  throw new UsageError(
    languages.length === 0
      ? `Cannot use --example with --to ${name}: a browser opens the file`
      : `Cannot read --example: with --to ${name} it must be ${
        languages.join(" or ")
      }, but is "${language}"`,
  );
}

/** Refuses options of an export where only a program is printed. */
function refuseWithExample(typed: TypedOptions): void {
  const option = [...FORMAT_OPTIONS, OVERWRITE_OPTION].find(({ name }) => typed.given(name));
  if (option === undefined) return;
  throw new UsageError(
    `Cannot use --${option.name} with --example: a program is printed, and nothing is exported`,
  );
}

/** Refuses options that the format does not take. */
function refuseOtherOptions(typed: TypedOptions, name: TargetName, target: ExportTarget): void {
  const option = FORMAT_OPTIONS.find((option) =>
    typed.given(option.name) && !target.options.includes(option.name)
  );
  if (option === undefined) return;
  const others = NAMES.filter((other) => EXPORT_TARGETS[other].options.includes(option.name));
  throw new UsageError(
    `Cannot use --${option.name} with --to ${name}: it is an option of ${others.join(", ")}`,
  );
}

/** Says whether a name has an ending. Readers of other formats insist on small letters. */
function hasEnding(file: string, ending: string): boolean {
  return (ending.startsWith(".htm") ? file.toLowerCase() : file).endsWith(ending);
}

function readFileName(
  positionals: readonly string[],
  name: TargetName,
  target: ExportTarget,
): string {
  const [file, ...others] = positionals;
  const endings = target.is === "file" ? target.endings : [];
  if (file === undefined || others.length > 0) {
    throw new UsageError(
      `Cannot export: one ${target.is} must be named, as in --to ${name} run${
        endings[0] ?? "-model"
      }, but ${positionals.length} are named`,
    );
  }
  if (target.is === "folder" || endings.some((ending) => hasEnding(file, ending))) return file;
  throw new UsageError(
    `Cannot export to "${file}": its name must end in ${endings.join(" or ")}`,
  );
}
