import { assert, assertEquals } from "@std/assert";
import { drawTerminalCurves } from "../../src/cli/terminal_curves.ts";
import type { EpochMetrics } from "../../src/training/metrics.ts";
import { makeHistory } from "../training/learning_history.ts";

/** Epochs with these shares of exact matches and validation losses. */
function makeEpochs(shares: readonly number[], losses: readonly number[]): EpochMetrics[] {
  return makeHistory(shares.length).map((epoch, i) => ({
    ...epoch,
    exactMatch: shares[i]!,
    validationLoss: losses[i]!,
  }));
}

Deno.test("drawTerminalCurves() draws two charts side by side at 80 columns", () => {
  const shares = [0, 0.05, 0.5, 0.9, 1];
  const [drawn] = drawTerminalCurves([makeEpochs(shares, [2, 1, 0.2, 0.05, 0.02])], 80);
  assertEquals(drawn!.split("\n"), [
    "Exact match                              Validation loss, logarithmic",
    "100 % ┤                  ▄▄▄▄▄▄██████       2 ┤██████▂▂▂▂▂▂",
    " 80 % ┤                  ████████████         │████████████",
    " 60 % ┤            ▄▄▄▄▄▄████████████         │████████████▄▄▄▄▄▄",
    " 40 % ┤            ██████████████████         │██████████████████",
    " 20 % ┤      ▂▂▂▂▂▂██████████████████    0.05 ┤████████████████████████▁▁▁▁▁▁",
    "  0 % └──────────────────────────────    0.02 └──────────────────────────────",
    "       1           epoch            5          1           epoch            5",
  ]);
});

Deno.test("drawTerminalCurves() draws one chart below the other at 40 columns", () => {
  const [drawn] = drawTerminalCurves([makeEpochs([0.2, 0.6], [0.5, 1])], 40);
  assertEquals(drawn!.split("\n"), [
    "Exact match",
    "100 % ┤",
    " 80 % ┤",
    " 60 % ┤               ███████████████",
    " 40 % ┤               ███████████████",
    " 20 % ┤██████████████████████████████",
    "  0 % └──────────────────────────────",
    "       1           epoch            2",
    "Validation loss",
    "  1 ┤                ████████████████",
    "0.8 ┤                ████████████████",
    "0.6 ┤▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄████████████████",
    "0.4 ┤████████████████████████████████",
    "0.2 ┤████████████████████████████████",
    "  0 └────────────────────────────────",
    "     1            epoch             2",
  ]);
});

Deno.test("drawTerminalCurves() shows the last of the epochs that share a column", () => {
  const shares = Array.from({ length: 93 }, (_, i) => i % 3 === 2 ? 1 : 0);
  const [drawn] = drawTerminalCurves([makeEpochs(shares, shares)], 40);
  assertEquals(drawn!.split("\n")[1], `100 % ┤${"█".repeat(31)}`);
});

Deno.test("drawTerminalCurves() draws all runs on the same axes", () => {
  const [short, long] = drawTerminalCurves([
    makeEpochs([0.5], [1]),
    makeEpochs([0, 0, 0, 1], [5, 5, 5, 5]),
  ], 40).map((drawn) => drawn.split("\n"));
  assertEquals(short![5], " 20 % ┤███████");
  assertEquals(long![1], `100 % ┤${" ".repeat(21)}███████`);
  assertEquals(short!.map(labelOf), long!.map(labelOf));
  assertEquals(short!.at(-1), long!.at(-1));
});

Deno.test("drawTerminalCurves() keeps to the width of the terminal, and to 79 characters", () => {
  for (const epochs of [1, 2, 5, 31, 32, 99, 500]) {
    for (const columns of [30, 40, 59, 60, 61, 80, 200]) {
      const history = makeHistory(epochs, 0.9);
      for (const line of drawTerminalCurves([history], columns)[0]!.split("\n")) {
        assert(line.length < Math.min(columns, 80), `${line.length} of ${columns}: ${line}`);
        assertEquals(line, line.trimEnd());
      }
    }
  }
});

Deno.test("drawTerminalCurves() draws a chart on the narrowest terminal", () => {
  const lines = drawTerminalCurves([makeHistory(500)], 1)[0]!.split("\n");
  assertEquals(lines[6], "  0 % └────────");
  assertEquals(lines[7], "       1    500");
});

function labelOf(line: string): string {
  return line.split(/[┤│└]/)[0]!;
}
