/** `playground`: serves a page that trains in the browser. @module */
import { PLAYGROUND_PORTS, startPlaygroundServer } from "../playground/playground_server.ts";
import type { Command } from "./command.ts";
import type { TypedOptions } from "./options.ts";
import { PORT_OPTION, readPort } from "./server_options.ts";
import { listenForSignals, whenAborted } from "./signals.ts";
import { print, printError } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The command. */
export const PLAYGROUND_COMMAND: Command = {
  options: [{
    ...PORT_OPTION,
    help: `port on 127.0.0.1; 0: any free port (default: the first free one from ${
      PLAYGROUND_PORTS[0]
    } to ${PLAYGROUND_PORTS.at(-1)}); what a browser keeps belongs to the port`,
  }],
  examples: ["playground", "playground --port 8080"],
  run: runPlayground,
};

async function runPlayground(typed: TypedOptions): Promise<number> {
  if (typed.positionals.length > 0) {
    throw new UsageError(
      `Cannot serve "${
        typed.positionals[0]
      }": playground takes options only; export --to playground FILE writes the page`,
    );
  }
  await using signals = await listenForSignals();
  await using server = await startPlaygroundServer({
    ...readPort(typed),
    reportError: (error) => printError(error instanceof Error ? error.message : String(error)),
  });
  print(server.url);
  printError("Press Ctrl-C to stop the server");
  await whenAborted(signals.signal);
  return signals.exitCode ?? 0;
}
