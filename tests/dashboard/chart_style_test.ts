/// <reference lib="dom" />
import { assert } from "@std/assert";
import type uPlot from "uplot";
import { configureChart } from "../../src/dashboard/page/chart_style.ts";

const AXES = [
  { log: false, share: true, values: [0, 0.3, 0.5, 0.51, 0.97, 1] },
  { log: false, share: false, values: [0, 1e-7, 1, 200] },
  { log: true, share: false, values: [1e-9, 0.01, 0.2, 0.5, 1, 1.0986, 2, 5, 100] },
];

for (const { log, share, values } of AXES) {
  Deno.test(`a chart of equal values has a range of some height: ${log ? "logarithmic" : share ? "shares" : "linear"}`, () => {
    const host = {} as HTMLElement; // its colours are read when something is drawn
    const { scales } = configureChart(host, [], { xAxis: "step", log }, {
      id: "loss",
      title: "Loss",
      format: String,
      share,
    });
    const range = scales!.y!.range as uPlot.Range.Function;
    for (const value of values) {
      const [low, high] = range({} as uPlot, value, value, "y");
      assert(low! < high! && low! <= value && high! >= value, `${value} in ${low} to ${high}`);
    }
  });
}
