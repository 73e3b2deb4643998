/** The compute shaders of every recurrent cell: those of a time step, and their buffers. @module */
import type { Shader } from "../webgpu/shader.ts";
import { type TileShader, tileShader } from "../webgpu/tile.ts";
import type { RecurrentCell } from "./recurrent_shape.ts";
import { WGSL } from "../wgsl.ts";

/** Results of a forward pass, time-major: gates (T, B, G H), the others (T, B, H). */
export type KeptName = "states" | "gates" | "cells" | "resets";

/** A shader of a time step. */
export interface StepShader {
  readonly shader: TileShader;
  /** Gives the number of groups of 4 columns, each computed by one thread, for some hidden units. */
  readonly groups: (hidden: number) => number;
  /** The shader's own buffers, after those that all cells have. */
  readonly tensors: readonly (KeptName | "y")[];
}

/** The shaders of a cell, in order. */
export interface CellShaders {
  /** The results that are kept, in the order of the kernel's outputs. */
  readonly kept: readonly KeptName[];
  readonly forward: readonly StepShader[];
  readonly backward: readonly TileShader[];
  /** The result that the backward pass reads as `kept`. */
  readonly read: KeptName;
}

/** The shaders of every cell. */
export const CELL_SHADERS: Readonly<Record<RecurrentCell["name"], CellShaders>> = {
  lstm: {
    kept: ["states", "gates", "cells"],
    forward: [{
      shader: forward("lstm_forward", WGSL["lstm/lstm_forward"], [
        "write",
        "write",
        "write",
        "write",
      ]),
      groups: (hidden) => hidden,
      tensors: ["gates", "cells", "states", "y"],
    }],
    backward: [backward("lstm_backward", WGSL["lstm/lstm_backward"])],
    read: "cells",
  },
  gru: {
    kept: ["states", "gates", "resets"],
    forward: [{
      shader: forward("gru_gates_forward", WGSL["gru/gru_gates_forward"], [
        "write",
        "read",
        "write",
      ]),
      groups: (hidden) => Math.ceil(2 * hidden / 4),
      tensors: ["gates", "states", "resets"],
    }, {
      shader: forward(
        "gru_candidate_forward",
        WGSL["gru/gru_candidate_forward"],
        ["write", "read", "write", "write"],
      ),
      groups: (hidden) => Math.ceil(hidden / 4),
      tensors: ["gates", "resets", "states", "y"],
    }],
    backward: [
      backward("gru_candidate_backward", WGSL["gru/gru_candidate_backward"]),
      backward("gru_gates_backward", WGSL["gru/gru_gates_backward"]),
    ],
    read: "states",
  },
  simple: {
    kept: ["states"],
    forward: [{
      shader: forward("simple_rnn_forward", WGSL["simple_rnn/simple_rnn_forward"], [
        "write",
        "write",
      ]),
      groups: (hidden) => Math.ceil(hidden / 4),
      tensors: ["states", "y"],
    }],
    backward: [backward("simple_rnn_backward", WGSL["simple_rnn/simple_rnn_backward"])],
    read: "states",
  },
};

function forward(name: string, code: string, own: Shader["buffers"]): TileShader {
  return tileShader(name, `${WGSL["recurrent/step_input"]}\n${code}`, [
    "read",
    "read",
    "read",
    "read",
    ...own,
  ]);
}

function backward(name: string, code: string): TileShader {
  return tileShader(name, `${WGSL["recurrent/step_gradient"]}\n${code}`, [
    ...["read", "read", "read", "read"] as const,
    ...["write", "write"] as const,
  ]);
}
