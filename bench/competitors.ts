/** The competitors of the comparison, the command that starts each, and our targets. @module */

/** What our run on some threads must reach against a competitor. */
export interface RatioTarget {
  /** Threads of our run. */
  readonly threads: number;
  /** Least ratio of the competitor's time to ours. */
  readonly atLeast: number;
}

/** Most milliseconds of a run of ours. */
export interface TimeTarget {
  readonly mostMs: number;
}

/** A target. */
export type Target = RatioTarget | TimeTarget;

/** One implementation in one setting. */
export interface Competitor {
  /** Short name, for `--only`. */
  readonly name: string;
  /** Name in the table. */
  readonly label: string;
  /** Program and its arguments. */
  readonly command: readonly string[];
  /** Threads of our own run; undefined for other implementations. */
  readonly ours?: number;
  readonly targets: readonly Target[];
}

/** Options of the lists. */
export interface CompetitorOptions {
  /** The Python with the peers of bench/peers/requirements.txt. */
  readonly python: string;
  /** Numbers of threads of our runs, ascending. Peers that take all cores get the last one. */
  readonly threads: readonly number[];
  readonly hiddenSize: number;
  readonly batchSize: number;
  /** Length of a round. */
  readonly seconds: number;
  /** A checkout of an older commit that is compared too. */
  readonly against: string | undefined;
}

/** Lists who takes single training steps: ours on every number of threads, then the peers. */
export function listSteppers(options: CompetitorOptions): readonly Competitor[] {
  const { python, threads, hiddenSize, batchSize, seconds } = options;
  const most = threads.at(-1)!;
  const shape = [
    `--hidden-size=${hiddenSize}`,
    `--batch-size=${batchSize}`,
    `--seconds=${seconds}`,
  ];
  const isNotebook = hiddenSize === 128 && batchSize === 128;
  const ours = threads.map((count): Competitor => ({
    name: `carry-${count}`,
    label: `Carry, ${countThreads(count)}`,
    command: deno("step.ts", ...shape, `--threads=${count}`),
    ours: count,
    targets: [],
  }));
  const tfjs = ([["cpu", 80], ["wasm", 30], ["wasm-repaired", 6]] as const).map((
    [backend, atLeast],
  ): Competitor => ({
    name: `tfjs-${backend}`,
    label: `tfjs LayersModel, ${backend}`,
    command: deno("peers/tfjs_layers.ts", ...shape, `--backend=${backend}`),
    targets: isNotebook ? [{ threads: most, atLeast }] : [],
  }));
  const py = (file: string, count: number, ...own: string[]): string[] => [
    ...[python, pathOf(`peers/${file}`), ...shape, `--threads=${count}`, ...own],
  ];
  const keras = ([["tensorflow", "TensorFlow"], ["jax", "JAX"]] as const).map((
    [name, label],
  ): Competitor => ({
    name: `keras-${name}`,
    label: `Keras on ${label}, ${countThreads(most)}`,
    command: py(`keras_${name}.py`, most),
    targets: [],
  }));
  const pytorch = (["layers", "compiled"] as const).flatMap((form) =>
    threads.map((count): Competitor => ({
      name: `pytorch-${form}-${count}`,
      label: `PyTorch ${form}, ${countThreads(count)}`,
      command: py("pytorch.py", count, `--form=${form}`),
      targets: form === "layers" && count === 8 && hiddenSize === 128 && batchSize === 64
        ? [{ threads: 8, atLeast: 2 }]
        : [],
    }))
  );
  return [...ours, ...tfjs, ...keras, ...pytorch];
}

/** Least ratios of the older commit's time in the training loop to ours, by the number of threads. */
const LOOP_TARGETS: Readonly<Record<number, number>> = { 2: 1.25, 8: 2.5 };

/** Lists who runs the training loop: ours and the older commit on every number of threads. */
export function listLoops({ threads, against }: CompetitorOptions): readonly Competitor[] {
  return listProjects(threads, against, {
    command: ["training_loop.ts"],
    targetsOf: (count, isOurs): Target[] => {
      if (isOurs) return count === 1 && threads.includes(2) ? [{ threads: 2, atLeast: 1.85 }] : [];
      const atLeast = LOOP_TARGETS[count];
      return atLeast === undefined ? [] : [{ threads: count, atLeast }];
    },
  });
}

/** Lists who answers some questions in one call: ours and the older commit on every number of threads. */
export function listAnswerers(
  questions: number,
  { threads, against }: CompetitorOptions,
): readonly Competitor[] {
  return listProjects(threads, against, {
    command: ["answering.ts", `--questions=${questions}`],
    targetsOf: (count, isOurs): Target[] => {
      if (questions === 1) return isOurs ? [{ mostMs: 1 }] : [];
      return isOurs ? [] : [{ threads: count, atLeast: 1.2 }];
    },
  });
}

function listProjects(
  threads: readonly number[],
  against: string | undefined,
  { command: [file, ...own], targetsOf }: {
    readonly command: readonly string[];
    targetsOf(count: number, isOurs: boolean): Target[];
  },
): readonly Competitor[] {
  const ours = threads.map((count): Competitor => ({
    name: `carry-${count}`,
    label: `Carry, ${countThreads(count)}`,
    command: deno(file!, ...own, `--threads=${count}`),
    ours: count,
    targets: targetsOf(count, true),
  }));
  if (against === undefined) return ours;
  const others = threads.map((count): Competitor => ({
    name: `against-${count}`,
    label: `Carry in ${against}, ${countThreads(count)}`,
    command: deno(file!, ...own, `--threads=${count}`, `--project=${against}`),
    targets: targetsOf(count, false),
  }));
  return [...ours, ...others];
}

/** The command of a program of this folder. */
function deno(file: string, ...args: readonly string[]): string[] {
  return [Deno.execPath(), "run", "-A", pathOf(file), ...args];
}

function pathOf(file: string): string {
  return new URL(file, import.meta.url).pathname;
}

function countThreads(threads: number): string {
  return threads === 1 ? "1 thread" : `${threads} threads`;
}
