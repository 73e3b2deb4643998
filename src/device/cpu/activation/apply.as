/** Applies one activation to a list of values; the tests of its error call this. */
import { exp, sigmoid, tanh } from "./activation";
import { ApplyArgs } from "../structs";

export function applyActivation(args: ApplyArgs, task: i32, self: i32): void {
  for (let i = 0; i < args.count; i += 4) {
    const at = <usize>i << 2;
    const x = v128.load(args.from + at);
    v128.store(args.to + at, args.activation == 0 ? exp(x) : args.activation == 1 ? sigmoid(x) : tanh(x));
  }
}
