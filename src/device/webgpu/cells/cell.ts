/** What a recurrent cell is to the shaders: its equations, forward and back, for one unit of one example. @module */

/** Number of gates that lie together as one vector of WGSL. */
export type GateCount = 1 | 2 | 4;

/**
 * A cell's equations.
 *
 * Gates that need the same product form a group; a group's gates of one unit lie together, as a vector. A time step is one or
 * more stages: each takes a product, then computes with its result what each unit has for itself.
 */
export interface CellKernel {
  /** The groups; each lists its gates by their place in Keras' order. */
  readonly groups: readonly (readonly number[])[];
  /**
   * What a step of training keeps of every unit at every time step, besides the hidden state, each with its number of values. One with
   * the name of a carried value is that value after the time step.
   */
  readonly keeps: Readonly<Record<string, 1 | 4>>;
  /** Vectors that a stage gives to a later one, and that the weight gradients need: their names. */
  readonly vectors: readonly string[];
  /** Values that each unit carries from stage to stage, going forward: float32, zero before the first time step. */
  readonly carried: readonly string[];
  /** The same, going back: zero after the last time step. */
  readonly carriedBack: readonly string[];
  /** The stages of a time step. The last sets the hidden state. */
  readonly forward: readonly ForwardStage[];
  /** The stages of a time step, going back. Each sets the gradients of some gates. */
  readonly backward: readonly BackwardStage[];
}

/** A stage going forward. */
export interface ForwardStage {
  /** The group of gates. Their values before the activation are `z`. */
  readonly group: number;
  /** The vector that its recurrent kernel multiplies: the hidden states before this time step, or one that an earlier stage gave. */
  readonly vector: "states" | string;
  /** Gives the statements of a unit. */
  unit(names: ForwardNames): string;
}

/** The names of a unit's values, going forward. */
export interface ForwardNames {
  /** Gives the name of a carried value. */
  carried(name: string): string;
  /** Gives a statement that keeps a value for the way back. */
  keep(name: string, value: string): string;
  /** Gives a statement that sets the unit's place in a vector. */
  give(vector: string, value: string): string;
  /** Gives the statements that set the hidden state. */
  setState(value: string): string;
}

/** A stage going back. */
export interface BackwardStage {
  /**
   * Its product: of the recurrent kernel of some group, transposed, and the gradients of its gates; those of the later time step,
   * or those that the stage before this one has set. The first stage gets the gradient by later layers too.
   */
  readonly product: { readonly group: number; readonly of: "later" | "same" };
  /** Gives the statements of a unit. The product is `sum`. */
  unit(names: BackwardNames): string;
}

/** The names of a unit's values, going back. */
export interface BackwardNames {
  /** Gives the name of a carried value. */
  carried(name: string): string;
  /** Gives a value that was kept at this time step; `state`: the hidden state. */
  kept(name: string): string;
  /** Gives an expression of the value kept at the time step before; 0 before the first. */
  keptBefore(name: string): string;
  /** Gives the statements that set the gradients of a group's gates, before their activations. */
  setGradient(group: number, value: string): string;
}

/** Gives the type of a vector of gates in WGSL. */
export function gatesType(count: GateCount): string {
  return count === 1 ? "f32" : `vec${count}f`;
}
