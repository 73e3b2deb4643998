/** The type of a command, and options that several commands share. @module */
import type { OptionSpec, TypedOptions } from "./options.ts";

/** An entry in the list of commands. The command itself is loaded when it is needed. */
export interface CommandEntry {
  /** Name, as it is typed. */
  readonly name: string;
  /** Description in one line. */
  readonly summary: string;
  /** Loads the command. */
  readonly load: () => Promise<Command>;
}

/** One command of the command line. */
export interface Command {
  /** Placeholder of its arguments besides options, for help texts. */
  readonly positionals?: string;
  /** Its options, besides `--help`. */
  readonly options: readonly OptionSpec[];
  /** Example command lines. */
  readonly examples: readonly string[];
  /** Runs the command and gives the exit code. */
  run(typed: TypedOptions): Promise<number>;
}

/** The run to use. */
export const RUN_OPTION: OptionSpec = {
  name: "run",
  value: "DIR",
  help: "directory of the run (default: the newest under ./checkpoints)",
};

/** Which of a run's checkpoints to use. */
export const WEIGHTS_OPTION: OptionSpec = {
  name: "weights",
  value: "WHICH",
  help: "checkpoint of the run: latest or best (default latest)",
};

/** The heading of the options of the device in help texts. */
const DEVICE_GROUP = "Device options";

/** The backend of a training. */
const BACKEND_OPTION: OptionSpec = {
  name: "backend",
  group: DEVICE_GROUP,
  value: "NAME",
  help: "auto, webgpu or cpu (default auto: WebGPU if there is a GPU and it works, else CPU)",
};

/** The backend of short computations. To find and start a GPU would take longer than the computation. */
const INFERENCE_BACKEND_OPTION: OptionSpec = {
  ...BACKEND_OPTION,
  help: "auto, webgpu or cpu (default cpu: a GPU takes longer to start)",
};

/** The number of threads. */
const THREADS_OPTION: OptionSpec = {
  name: "threads",
  group: DEVICE_GROUP,
  value: "N",
  help: "threads of the CPU's kernels; results do not depend on it (default: all cores)",
};

/** How it is computed. */
const EXECUTOR_OPTION: OptionSpec = {
  name: "executor",
  group: DEVICE_GROUP,
  value: "NAME",
  help:
    "kernels (our compute kernels) or reference (tfjs's operations: slow, and the same results within rounding) (default kernels)",
};

/** Everything about the device of a training. */
export const TRAINING_DEVICE_OPTIONS: readonly OptionSpec[] = [
  ...[BACKEND_OPTION, EXECUTOR_OPTION, THREADS_OPTION],
];

/** Everything about the device of a short computation. */
export const INFERENCE_DEVICE_OPTIONS: readonly OptionSpec[] = [
  ...[INFERENCE_BACKEND_OPTION, EXECUTOR_OPTION, THREADS_OPTION],
];

/** Output for programs. */
export const JSON_OPTION: OptionSpec = {
  name: "json",
  help: "print JSON to standard output, one object a line",
};
