/** A worker of Deno that runs the program for whoever sends it a port. @module */
import { chooseDevice } from "../../mod.ts";
import { runProgram } from "./program.ts";

addEventListener("message", async (event: Event): Promise<void> => {
  if (!(event instanceof MessageEvent)) return;
  const device = await chooseDevice("cpu", { threads: 2 });
  event.ports[0]!.postMessage(await runProgram(device));
});
