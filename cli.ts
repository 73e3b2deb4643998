/**
 * The command line of Carry: `train`, `predict`, `serve`, `dashboard`, `evaluate`, `generate`, `summary`, `plot`,
 * `export` and `info`.
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
