/** Every cell in WGSL. @module */
import type { Cell } from "../../../network/config.ts";
import type { CellKernel } from "./cell.ts";
import { GRU } from "./gru.ts";
import { LSTM } from "./lstm.ts";
import { SIMPLE } from "./simple.ts";

/** The equations of every cell. */
export const CELL_KERNELS: Readonly<Record<Cell, CellKernel>> = {
  lstm: LSTM,
  gru: GRU,
  simple: SIMPLE,
};
