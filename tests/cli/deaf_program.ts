/** Listens for signals, prints a line, and computes without end, so that its event loop never has a turn. @module */
import { listenForSignals } from "../../src/cli/signals.ts";

if (import.meta.main) {
  await listenForSignals();
  Deno.stdout.writeSync(new TextEncoder().encode("computing\n"));
  for (;;);
}
