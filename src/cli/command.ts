/** What a command is. @module */
import type { OptionSpec, TypedOptions } from "./options.ts";

/** The line of a command in the list of all; the command itself is loaded when it is asked for. */
export interface CommandEntry {
  /** As typed. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Loads it. */
  readonly load: () => Promise<Command>;
}

/** One command of the command line. */
export interface Command {
  /** What may follow it besides options, for help texts. */
  readonly positionals?: string;
  /** Its options, besides `--help`. */
  readonly options: readonly OptionSpec[];
  /** Command lines worth showing. */
  readonly examples: readonly string[];
  /** Carries it out; gives the exit code. */
  run(typed: TypedOptions): Promise<number>;
}

/** Options that several commands share. */
export const RUN_OPTION: OptionSpec = {
  name: "run",
  value: "DIR",
  help: "directory of the run (default: the newest under ./checkpoints)",
};

/** Which of a run's checkpoints to use. */
export const WEIGHTS_OPTION: OptionSpec = {
  name: "weights",
  value: "WHICH",
  help: "latest or best checkpoint of the run (default latest)",
};

/** Where to compute. */
export const BACKEND_OPTION: OptionSpec = {
  name: "backend",
  value: "NAME",
  help: "auto, webgpu or cpu (default auto: WebGPU if it is hardware and works, else CPU)",
};

/** Where to compute what takes moments: looking for a GPU and starting it would take longer. */
export const INFERENCE_BACKEND_OPTION: OptionSpec = {
  ...BACKEND_OPTION,
  help: "auto, webgpu or cpu (default cpu: a GPU takes longer to start)",
};

/** On how many threads to compute. */
export const THREADS_OPTION: OptionSpec = {
  name: "threads",
  value: "N",
  help: "threads of the CPU backend; results do not depend on it (default: all cores)",
};

/** Output for programs. */
export const JSON_OPTION: OptionSpec = {
  name: "json",
  help: "print JSON, one object a line, and nothing else on standard output",
};
