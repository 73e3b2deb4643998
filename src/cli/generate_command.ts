/** `generate`: writes questions and answers for other programs. @module */
import type { GeneratedExamples } from "../problem/problem.ts";
import { createProblem, findKind, resolveProblem } from "../problem/registry.ts";
import type { Layout, TextLayout } from "../codec/layout.ts";
import type { Command } from "./command.ts";
import type { TypedOptions } from "./options.ts";
import { openOutput, type OutputFile, OVERWRITE_OPTION, writeToReader } from "./output_file.ts";
import { PROBLEM_OPTIONS, readProblem } from "./problem_options.ts";
import { REVERSE_OPTION } from "./settings.ts";
import { listenForSignals } from "./signals.ts";
import { createStatusLine, drawBar, printError } from "./terminal.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

const FORMATS = ["tsv", "jsonl"] as const;

/** The command. */
export const GENERATE_COMMAND: Command = {
  options: [
    ...PROBLEM_OPTIONS,
    {
      name: "format",
      value: "NAME",
      help:
        "tsv (question, tab, answer) or jsonl (default: jsonl if the name in --output ends in .jsonl, else tsv)",
    },
    {
      name: "padded",
      help:
        "write questions and answers as the model has them: padded with spaces, questions reversed",
    },
    {
      ...REVERSE_OPTION,
      help: "with --padded: reverse questions, or leave them as they are (default: --reverse)",
    },
    {
      name: "output",
      value: "FILE",
      help: "file to write; - for standard output (default: standard output)",
    },
    OVERWRITE_OPTION,
  ],
  examples: [
    "generate --digits 2 --examples 1000 --seed 7",
    "generate --problem dates --format jsonl --output dates.jsonl",
    'generate --problem mixed --operators "+-*" --terms 3',
  ],
  run: runGenerate,
};

/** Characters in one write. */
const CHUNK_BYTES = 1 << 16;

async function runGenerate(typed: TypedOptions): Promise<number> {
  if (typed.positionals.length > 0) {
    throw new UsageError(`Cannot generate "${typed.positionals[0]}": generate takes options only`);
  }
  if (!typed.flag("reverse") && !typed.flag("padded")) {
    throw new UsageError(
      "Cannot use --no-reverse without --padded: without it, questions are not reversed",
    );
  }
  const settings = checkTyped(() => resolveProblem(readProblem(typed)));
  const layout = findKind(settings.name).layOut!(settings, typed.flag("reverse"));
  const generated = createProblem(settings, layout).generated!;
  const named = typed.text("output");
  const output = named === "-" ? undefined : named;
  const format = typed.choice("format", FORMATS) ??
    (output?.endsWith(".jsonl") ? "jsonl" : "tsv");
  const lines = writeLines(generated, { format, ...(typed.flag("padded") && { layout }) });
  if (output === undefined && typed.flag("overwrite")) {
    throw new UsageError("Cannot use --overwrite without --output FILE: no file is written");
  }
  if (output === undefined) {
    await writeToReader(Deno.stdout, joinChunks(lines));
    return 0;
  }
  const file = await openOutput(output, { overwrite: typed.flag("overwrite") });
  const exitCode = file.isFile ? await writeUnlessStopped(file, lines) : await write(file, lines);
  if (exitCode === 0) printError(`Wrote ${generated.count} examples to ${output}`);
  return exitCode;
}

async function write(file: OutputFile, lines: Iterable<string>): Promise<number> {
  await file.write(joinChunks(lines));
  return 0;
}

/** Writes a file until a signal comes. Ctrl-C must not leave a temporary file. */
async function writeUnlessStopped(file: OutputFile, lines: Iterable<string>): Promise<number> {
  await using signals = await listenForSignals();
  try {
    await file.write(stopWhenAborted(joinChunks(lines), signals.signal));
  } catch (error) {
    if (!signals.signal.aborted) throw error;
  }
  if (signals.exitCode === undefined) return 0;
  printError(`Stopped: nothing was written to ${file.path}`);
  return signals.exitCode;
}

function* stopWhenAborted(
  chunks: Iterable<Uint8Array>,
  signal: AbortSignal,
): Generator<Uint8Array, void> {
  for (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
  signal.throwIfAborted();
}

function* writeLines(
  { count, examples }: GeneratedExamples,
  { format, layout }: { readonly format: typeof FORMATS[number]; readonly layout?: Layout },
): Generator<string, void> {
  const status = createStatusLine();
  let made = 0;
  try {
    for (const example of examples()) {
      made++;
      status.show(() => `Generating ${drawBar(made / count)} ${made}/${count}`);
      const question = layout ? pad(example.question, layout.source) : example.question;
      const answer = layout ? pad(example.answer, layout.target) : example.answer;
      yield format === "tsv"
        ? `${question}\t${answer}\n`
        : JSON.stringify({ question, answer }) + "\n";
    }
  } finally {
    status.clear(); // also if the reader stops early
  }
}

/** Pads and reverses a text as the model has it. */
function pad(text: string, { length, padding, reverse }: TextLayout): string {
  const symbols = Array.from(text);
  while (symbols.length < length) symbols.push(padding!);
  return (reverse ? symbols.reverse() : symbols).join("");
}

function* joinChunks(lines: Iterable<string>): Generator<Uint8Array, void> {
  const encoder = new TextEncoder();
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_BYTES) continue;
    yield encoder.encode(chunk);
    chunk = "";
  }
  yield encoder.encode(chunk);
}
