/** A model that another program has written, in our terms, and how it becomes a checkpoint. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { BOOLEAN, describeFound, objectRule, optional } from "../arguments/rule.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { checkFit } from "../checkpoint/checkpoint_state.ts";
import { findDifference, type Layout } from "../codec/layout.ts";
import { type Cell, checkModelConfig, type ModelConfig } from "../network/config.ts";
import { checkParameters, type NamedTensor } from "../network/parameters.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { findKind, resolveProblem } from "../problem/registry.ts";
import type { TrainingOptions } from "../training/options.ts";
import { NO_PROGRESS } from "../training/progress.ts";
import { resolveTraining } from "../training/resolve_training.ts";
import type { PortableModel } from "./portable.ts";

/** A model with the decoder `repeat` as a foreign file holds it. */
export interface ForeignModel {
  /** The program that wrote it, for people: `Keras 3.15.1`. */
  readonly writer: string;
  /** Recurrent cell of all layers. */
  readonly cell: Cell;
  /** Size of the hidden state, H. */
  readonly hiddenSize: number;
  /** Number of decoder layers. */
  readonly layers: number;
  /** Number of symbols of the sources' table, V_in. */
  readonly sourceSymbols: number;
  /** Number of symbols of the targets' table, V_out. */
  readonly targetSymbols: number;
  /** Number of characters of a source, T_in; undefined if the file does not say it. */
  readonly inputLength: number | undefined;
  /** Number of characters of a target, T_out; undefined if the file does not say it. */
  readonly outputLength: number | undefined;
  /** The parameters, with our names (describeLayers) and in our order. */
  readonly parameters: readonly NamedTensor[];
  /** The optimiser; undefined if the file has none. */
  readonly optimizer: ForeignOptimizer | undefined;
  /** What one of our exports says of itself; undefined in a file that another program has made. */
  readonly portable: PortableModel | undefined;
}

/** The state of Adam or AdamW as a foreign file holds it. */
export interface ForeignOptimizer extends
  Pick<
    TrainingOptions,
    "learningRate" | "beta1" | "beta2" | "epsilon" | "weightDecay" | "clipNorm"
  > {
  /** Label smoothing of the loss. Default: none. */
  readonly labelSmoothing?: number;
  /** Number of steps it has taken. */
  readonly steps: number;
  /** The moments, `adam/m/…` of all parameters and then `adam/v/…`; empty if it has taken no step. */
  readonly moments: readonly NamedTensor[];
}

/** What a foreign file does not say of its model. */
export interface ImportOptions {
  /** Symbols, lengths and reversal. Default: as the file says. */
  readonly layout?: Layout;
  /** What the model has learned. Default: as the file says. */
  readonly problem?: ProblemSettings;
  /** How its training goes on. Default: the recipe `notebook`, with what the file says of its optimiser. */
  readonly training?: Partial<TrainingOptions>;
  /**
   * Whether the optimiser's state comes in too. If training here could not go on as there, the import is refused. `false` leaves out
   * whatever the file says of training, and training begins anew with the model's parameters. Default true.
   */
  readonly optimizer?: boolean;
}

const RULES: Rules<ImportOptions> = {
  layout: optional(objectRule()),
  problem: optional(objectRule()),
  training: optional(objectRule()),
  optimizer: optional(BOOLEAN),
};

/** A file that does not say which symbols its model reads, or what it has learned. */
export class UnknownLayoutError extends RangeError {}

/** Checks the options of an import. Every import calls it before it reads its file. */
export function checkImportOptions(action: string, given: ImportOptions): ImportOptions {
  return resolveOptions(given, { action, what: "the options", rules: RULES, defaults: {} });
}

/**
 * Makes a checkpoint of a foreign model: it answers, and its training goes on.
 *
 * @throws {RangeError} if its layout or its problem is not known, or does not fit it
 */
export function toCheckpoint(foreign: ForeignModel, options: ImportOptions): Checkpoint {
  const { cell, hiddenSize, layers, optimizer, portable } = foreign;
  const layout = options.layout ?? portable?.model;
  const problem = options.problem ?? portable?.problem;
  if (layout === undefined || problem === undefined) {
    throw new UnknownLayoutError(
      `Cannot import the model: ${
        layout === undefined ? "its symbols and lengths" : "its problem"
      } must be given, because the file does not hold them${hint(foreign)}`,
    );
  }
  checkAgainstFile(portable, options);
  const { source, target } = layout;
  const model = checkModelConfig({ cell, hiddenSize, layers, source, target });
  checkSizes(foreign, model);
  checkDescription(foreign);
  const settings = resolveProblem(problem);
  checkLayout(settings, model);
  const { steps = 0, moments = [], ...adam } = optimizer ?? {};
  const parameters = checkParameters(model, foreign.parameters);
  return {
    ...{ runId: null, problem: settings, model },
    trainedOn: portable === undefined ? foreign.writer : "another run of Carry",
    training: resolveTraining({ recipe: "notebook", ...adam, ...options.training }),
    progress: steps === 0 ? NO_PROGRESS : { ...NO_PROGRESS, stepsBefore: steps },
    parameters,
    moments: moments.length > 0 ? moments : zeroMoments(parameters),
  };
}

/** Refuses what contradicts the file: a model answers as it was trained. */
function checkAgainstFile(
  portable: PortableModel | undefined,
  { layout, problem }: ImportOptions,
): void {
  if (portable === undefined) return;
  const contradict = (what: string, said: unknown, given: unknown): RangeError =>
    new RangeError(
      `Cannot import the model: the file says that ${what} is ${describeFound(said)}, but ${
        describeFound(given)
      } is given; leave it out, because the file says what it needs`,
    );
  if (problem !== undefined && problem.name !== portable.problem.name) {
    throw contradict("its problem", portable.problem.name, problem.name);
  }
  for (const side of ["source", "target"] as const) {
    const [said, given] = [portable.model[side], layout?.[side] ?? portable.model[side]];
    const name = findDifference(said, given);
    if (name !== undefined) throw contradict(`${name} of its ${side}s`, said[name], given[name]);
  }
}

/** Gives the moments of an optimiser that has taken no step. */
function zeroMoments(parameters: readonly NamedTensor[]): NamedTensor[] {
  return ["m", "v"].flatMap((slot) =>
    parameters.map(({ name, shape, values }) => ({
      ...{ name: `adam/${slot}/${name}`, shape, values: new Float32Array(values.length) },
    }))
  );
}

/** Names the problem that has the model's sizes, if there is one of the notebook's. */
function hint(
  { inputLength = 0, sourceSymbols, outputLength, targetSymbols }: ForeignModel,
): string {
  const digits = (inputLength - 1) / 2;
  if (!Number.isInteger(digits) || digits < 1) return "";
  const { source, target } = findKind("addition").layOut!(
    resolveProblem({ name: "addition", digits }),
    true,
  );
  return source.symbols.length === sourceSymbols && target.symbols.length === targetSymbols &&
      target.length === outputLength
    ? `; its sizes are those of additions of up to ${digits} digits`
    : "";
}

/** Refuses a model of which the file says two different things. */
function checkDescription({ portable, cell, hiddenSize, layers }: ForeignModel): void {
  if (portable === undefined) return;
  const shape = { decoder: "repeat", cell, hiddenSize, layers } as const;
  for (const name of ["decoder", "cell", "hiddenSize", "layers"] as const) {
    const said = portable.model[name];
    if (said === shape[name]) continue;
    throw new RangeError(
      `Cannot import the model: its description must agree with its layers: ${name} must be ${
        shape[name]
      }, but is ${said}`,
    );
  }
}

/** Refuses a layout that its problem does not have: a checkpoint of it could not be saved. */
function checkLayout(problem: ProblemSettings, model: ModelConfig): void {
  try {
    checkFit(problem, model);
  } catch (error) {
    throw new RangeError(`Cannot import the model: ${(error as Error).message}`, { cause: error });
  }
}

/** Refuses a layout of other sizes. */
function checkSizes(foreign: ForeignModel, { source, target }: Layout): void {
  const sizes: readonly (readonly [string, number | undefined, number])[] = [
    ["characters of a source", foreign.inputLength, source.length],
    ["characters of a target", foreign.outputLength, target.length],
    ["symbols of sources", foreign.sourceSymbols, source.symbols.length],
    ["symbols of targets", foreign.targetSymbols, target.symbols.length],
  ];
  for (const [what, has, given] of sizes) {
    if (has === undefined || has === given) continue;
    throw new RangeError(
      `Cannot import the model: the layout must have as many ${what} as the model, ${has}, but has ${given}`,
    );
  }
}
