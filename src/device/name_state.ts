/** Names the tensors that an executor reads. @module */
import type { Network } from "../network/network.ts";
import type { NamedTensor } from "../network/parameters.ts";
import type { OptimizerState } from "./executor.ts";
import { nameOptimizerState } from "./optimizer.ts";

/** Names parameters, then the state of an optimiser if there is one. @param values theirs, in the order of the network */
export function nameState(
  { parameters }: Network,
  optimizer: OptimizerState | undefined,
  values: readonly Float32Array[],
): NamedTensor[] {
  const names = [
    ...parameters.map(({ name }) => name),
    ...(optimizer === undefined ? [] : nameOptimizerState(optimizer.settings.name, parameters)),
  ];
  return values.map((each, i) => ({
    name: names[i]!,
    shape: parameters[i % parameters.length]!.shape,
    values: each,
  }));
}
