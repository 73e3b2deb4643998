/** The competitors of the comparison, the command that starts each, and our target against each. @module */

/** A ratio that our step must reach against a competitor's at the notebook's size. */
export interface Target {
  /** The run of ours that is compared: on one thread, or on all cores. */
  readonly ours: OurRun;
  /** Least ratio of the competitor's time to ours. */
  readonly atLeast: number;
}

/** Our run on one thread, or on all cores. */
export type OurRun = "one" | "all";

/** One implementation in one setting. */
export interface Competitor {
  /** Short name, for `--only`. */
  readonly name: string;
  /** Name in the table. */
  readonly label: string;
  /** Program and its arguments. */
  readonly command: readonly string[];
  readonly targets: readonly Target[];
}

/** Options of the list. */
export interface CompetitorOptions {
  /** The Python with the peers of bench/peers/requirements.txt. */
  readonly python: string;
  /** Number of threads that "all cores" means. */
  readonly cores: number;
  readonly hiddenSize: number;
  readonly batchSize: number;
  /** Length of a round. */
  readonly seconds: number;
}

/** Gives the name of our own run. */
export function nameOurs(run: OurRun, cores: number): string {
  return `carry-${run === "one" ? 1 : cores}`;
}

/** Lists all competitors, our own runs first. */
export function listCompetitors(options: CompetitorOptions): readonly Competitor[] {
  const { python, cores, hiddenSize, batchSize, seconds } = options;
  const shape = [
    `--hidden-size=${hiddenSize}`,
    `--batch-size=${batchSize}`,
    `--seconds=${seconds}`,
  ];
  const script = (file: string): string => new URL(file, import.meta.url).pathname;
  const deno = (file: string, ...own: string[]): string[] => [
    ...[Deno.execPath(), "run", "-A", script(file)],
    ...[...shape, ...own],
  ];
  const py = (file: string, threads: number, ...own: string[]): string[] => [
    ...[python, script(file)],
    ...[...shape, `--threads=${threads}`, ...own],
  ];
  const threadCounts = cores === 1 ? [1] : [1, cores];

  const ours = threadCounts.map((threads): Competitor => ({
    name: `carry-${threads}`,
    label: `Carry, ${countThreads(threads)}`,
    command: deno("step.ts", `--threads=${threads}`),
    targets: threads === 1 && cores > 1 ? [{ ours: "all", atLeast: 1.6 }] : [],
  }));
  const tfjs = ([["cpu", 80], ["wasm", 30], ["wasm-repaired", 6]] as const).map((
    [backend, atLeast],
  ): Competitor => ({
    name: `tfjs-${backend}`,
    label: `tfjs LayersModel, ${backend}`,
    command: deno("peers/tfjs_layers.ts", `--backend=${backend}`),
    targets: [{ ours: "all", atLeast }],
  }));
  const keras = ([["tensorflow", "TensorFlow"], ["jax", "JAX"]] as const).map((
    [name, label],
  ): Competitor => ({
    name: `keras-${name}`,
    label: `Keras on ${label}, ${countThreads(cores)}`,
    command: py(`peers/keras_${name}.py`, cores),
    targets: [{ ours: "all", atLeast: 2 }],
  }));
  const pytorch = (["layers", "compiled"] as const).flatMap((form) =>
    threadCounts.map((threads): Competitor => ({
      name: `pytorch-${form}-${threads}`,
      label: `PyTorch ${form}, ${countThreads(threads)}`,
      command: py("peers/pytorch.py", threads, `--form=${form}`),
      targets: [
        ...(threads === 1 ? [{ ours: "one", atLeast: 1.5 } as const] : []),
        { ours: "all", atLeast: 1.3 },
      ],
    }))
  );
  return [...ours, ...tfjs, ...keras, ...pytorch];
}

function countThreads(threads: number): string {
  return threads === 1 ? "1 thread" : `${threads} threads`;
}
