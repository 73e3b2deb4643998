/** Listens for signals, says so, and computes without end: its event loop never has a turn. @module */
import { listenForSignals } from "../../src/cli/signals.ts";

if (import.meta.main) {
  await listenForSignals();
  Deno.stdout.writeSync(new TextEncoder().encode("computing\n"));
  for (;;);
}
