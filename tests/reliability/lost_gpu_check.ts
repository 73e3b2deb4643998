/** Loses the GPU while a model is trained on it; a message must say so, and the run must continue on the CPU. @module */
import { quietDrivers } from "../../src/device/quiet_drivers.ts";
import { runProgram } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";

const PROGRAM = new URL("./lose_device.ts", import.meta.url).pathname;
const SENTENCES = [
  "the device was lost",
  "train --resume --backend cpu",
  "the checkpoint holds epoch 1",
  "continued on the CPU to epoch 4",
];

/** Says whether there is an adapter; a software one can be lost too. */
export async function hasAdapter(): Promise<boolean> {
  using _quiet = quietDrivers();
  return await navigator.gpu?.requestAdapter() != null;
}

/** Loses the device in the second epoch. */
export async function checkLostGpu(): Promise<Outcome> {
  const { lines, stderr } = await runProgram(PROGRAM, []);
  const said = lines.join("\n");
  const failures = createFailures();
  for (const sentence of SENTENCES) {
    if (!said.includes(sentence)) {
      failures.add(`"${sentence}"`, [`missing in the output: ${said} ${stderr}`]);
    }
  }
  return { trials: 1, failures: failures.list };
}
