/**
 * The command line of Carry. `help` lists its commands.
 *
 * ```sh
 * deno run -A cli.ts train
 * deno run -A cli.ts predict "12+34"
 * ```
 *
 * @module
 */
import { main, reportUncaughtErrors } from "./src/cli/main.ts";

export { main };

if (import.meta.main) {
  reportUncaughtErrors();
  Deno.exit(await main(Deno.args));
}
