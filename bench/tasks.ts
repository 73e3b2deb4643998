/**
 * Trains on public data and on made examples with the command line's defaults, and measures the answers.
 *
 * `deno task bench:tasks --only g2p --data DIR`; the options are in bench/README.md.
 *
 * @module
 */
import { listenForSignals } from "../src/cli/signals.ts";
import { printError, printText } from "../src/cli/terminal.ts";
import { UsageError } from "../src/cli/usage_error.ts";
import { describeSetting, formatSetting } from "./setting.ts";
import { CommandError } from "./tasks/carry_program.ts";
import { planSets } from "./tasks/plan_sets.ts";
import { openResultFile } from "./tasks/result_file.ts";
import { formatResults } from "./tasks/result_table.ts";
import { runPlan } from "./tasks/run_plan.ts";
import { readTasksOptions, type TasksOptions } from "./tasks/tasks_options.ts";

if (import.meta.main) Deno.exit(await measureTasks(readTasksOptions(Deno.args)));

/** Measures, prints the table, and gives the exit code. */
async function measureTasks(options: TasksOptions): Promise<number> {
  const { runs, json, jobs, learning, device, ensemble, beams } = options;
  await using signals = await listenForSignals();
  const folder = runs ?? await Deno.makeTempDir({ prefix: "carry-tasks-" });
  try {
    await Deno.mkdir(folder, { recursive: true });
    const setting = await describeSetting("bench:tasks");
    const results = await openResultFile(json);
    const plan = await planSets(options, folder);
    const { commit, date } = setting;
    const { signal } = signals;
    const measured = await runPlan(plan, {
      ...{ results, folder, jobs, ensemble, beams, learning, device, commit, date, signal },
    });
    printText(`${formatSetting(setting)}\n\n${formatResults(measured, options.tasks)}`);
    return 0;
  } catch (error) {
    if (signals.signal.aborted) printError("Interrupted");
    else if (error instanceof UsageError || error instanceof CommandError) {
      printError(error.message);
    } else throw error;
    return signals.exitCode ?? (error instanceof CommandError ? error.code : 2);
  } finally {
    if (runs === undefined) await Deno.remove(folder, { recursive: true });
  }
}
