/**
 * The places of a recurrent layer's buffers.
 *
 * A task takes a few panels of 8 examples through all time steps, so that no thread waits for another within a sequence. G is the number
 * of gates; all gates are in Keras' order.
 */
import { RecurrentArgs } from "../structs";

export const LSTM: i32 = 0;
export const GRU: i32 = 1;

export const INDICES: i32 = 0;
export const REPEATED: i32 = 1;
export const SEQUENCE: i32 = 2;

/** In place of the time step before: there is none, and the states before are zeros. */
export const NO_STEP: i32 = i32.MIN_VALUE;

/** Bytes of the lanes of some features: whole groups of 4, and one more group, because a product with fewer columns may write past its end. */
@inline
export function laneBytes(features: i32): usize {
  return <usize>((features + 7) & ~3) << 5;
}

@inline
export function gatesAt(layer: RecurrentArgs, work: usize, step: i32): usize {
  return work + layer.gates + <usize>step * layer.gateStep;
}

@inline
export function cellsAt(layer: RecurrentArgs, work: usize, step: i32): usize {
  return work + layer.cells + <usize>step * layer.cellStep;
}

@inline
export function squashedAt(layer: RecurrentArgs, work: usize, step: i32): usize {
  return work + layer.squashed + <usize>step * layer.cellStep;
}

@inline
export function statesAt(layer: RecurrentArgs, work: usize, step: i32): usize {
  return work + layer.states + <usize>step * layer.stateStep;
}

@inline
export function dStatesAt(layer: RecurrentArgs, work: usize, step: i32): usize {
  return work + layer.dStates + <usize>step * layer.dStateStep;
}

/** First row of a panel of examples and a time step within the panels for weight gradients. */
@inline
export function rowOf(layer: RecurrentArgs, panel: i32, step: i32): usize {
  return <usize>step * <usize>layer.rows + <usize>(panel << 3);
}
