/** `dashboard`: shows runs on a page, also while other processes train them. @module */
import { chooseDevice } from "../device/choose.ts";
import { findNewestRun } from "../checkpoint/run_directory.ts";
import { startDashboard } from "../dashboard/dashboard_server.ts";
import { followRun } from "../dashboard/follow_run.ts";
import type { Command } from "./command.ts";
import { listSingleRuns } from "./open_model.ts";
import type { TypedOptions } from "./options.ts";
import { PORT_OPTION, readPort, readToken, tokenOptions } from "./server_options.ts";
import { listenForSignals, whenAborted } from "./signals.ts";
import { print, printError } from "./terminal.ts";

/** The command. */
export const DASHBOARD_COMMAND: Command = {
  positionals: "[DIR…]",
  options: [PORT_OPTION, ...tokenOptions("a token that is kept in the first run")],
  examples: [
    "dashboard   (the newest run under ./checkpoints)",
    "dashboard checkpoints/run-0001 checkpoints/run-0002 --port 8080",
    "dashboard checkpoints/run-0003   (every model of an ensemble that has begun)",
  ],
  run: runDashboard,
};

async function runDashboard(typed: TypedOptions): Promise<number> {
  await using signals = await listenForSignals();
  const options = { ...readPort(typed), ...readToken(typed) };
  const named = typed.positionals.length > 0 ? typed.positionals : [await findNewestRun()];
  const paths = await listSingleRuns(named);
  const device = await chooseDevice("cpu"); // a GPU takes longer to start than to answer
  const reportError = (error: unknown): void =>
    printError(error instanceof Error ? error.message : String(error));
  await using runs = new AsyncDisposableStack();
  const followed = [];
  for (const path of paths) {
    const skipped = new Set<string>(); // every read gives the same reason again
    const onSkipped = (reason: string): void => {
      if (!skipped.has(reason)) printError(`Skipped ${reason}`);
      skipped.add(reason);
    };
    followed.push(runs.use(await followRun(path, { device, onError: reportError, onSkipped })));
  }
  await using server = await startDashboard(followed, { ...options, reportError });
  print(server.url);
  printError("Press Ctrl-C to stop the server");
  await whenAborted(signals.signal);
  return signals.exitCode ?? 0;
}
