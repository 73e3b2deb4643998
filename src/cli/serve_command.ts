/** `serve`: answers requests of other programs on this machine over HTTP, with the model of a run. @module */
import { planSearch } from "../model/plan_search.ts";
import { createProblem } from "../problem/registry.ts";
import { countModelParameters } from "../model/create_model.ts";
import { DEFAULT_PORTS } from "../serve/listen.ts";
import { LocalServer } from "../serve/local_server.ts";
import { createPredictRoutes } from "../serve/predict_routes.ts";
import { createToken } from "../serve/token.ts";
import {
  type Command,
  INFERENCE_DEVICE_OPTIONS,
  JSON_OPTION,
  RUN_OPTION,
  WEIGHTS_OPTION,
} from "./command.ts";
import { COMBINE_OPTION, openModel } from "./open_model.ts";
import { MEMORY_OPTION, openMemory } from "./open_memory.ts";
import type { TypedOptions } from "./options.ts";
import {
  type GivenToken,
  PORT_OPTION,
  readPort,
  readToken,
  tokenOptions,
} from "./server_options.ts";
import { listenForSignals, whenAborted } from "./signals.ts";
import { print, printError, printJson } from "./terminal.ts";
import { ATTENTION_OPTION, readSearch, SEARCH_OPTIONS } from "./search_options.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** When the options of the search count. */
const IF_NOT_SAID = "for requests that do not say it themselves";

/** The command. */
export const SERVE_COMMAND: Command = {
  options: [
    RUN_OPTION,
    WEIGHTS_OPTION,
    COMBINE_OPTION,
    MEMORY_OPTION,
    PORT_OPTION,
    ...SEARCH_OPTIONS.map((option) => ({ ...option, help: `${option.help}; ${IF_NOT_SAID}` })),
    { ...ATTENTION_OPTION, help: `give the attention of every answer; ${IF_NOT_SAID}` },
    ...tokenOptions("a new token, which is printed"),
    ...INFERENCE_DEVICE_OPTIONS,
    { ...JSON_OPTION, help: "print the address and the token as one JSON object" },
  ],
  examples: ["serve", "serve --run checkpoints/run-0001 --port 8080 --weights best"],
  run: runServe,
};

async function runServe(typed: TypedOptions): Promise<number> {
  if (typed.positionals.length > 0) {
    throw new UsageError(`Cannot serve "${typed.positionals[0]}": serve takes options only`);
  }
  const { port } = readPort(typed);
  const search = readSearch(typed, "serve");
  const attention = typed.flag("attention");
  const { token = createToken(), tokenSource }: Partial<GivenToken> = readToken(typed);
  await using signals = await listenForSignals();
  using opened = await openModel(typed, "cpu"); // the same answers as predict
  checkTyped(() => planSearch("serve", opened.model, { ...search, attention }));
  const remembering = await openMemory(typed, opened, signals.signal);
  const { model, run, step, checkpoint: { problem: settings } } = opened;
  const problem = createProblem(settings, model.config);
  const models = opened.members?.length;
  const parameters = countModelParameters(model.config) * (models ?? 1);
  await using server = await LocalServer.start({
    routes: new Map(
      createPredictRoutes({
        ...{ model, problem, asked: { ...search, attention }, ...remembering },
        health: { run, step, parameters, ...(models && { models }) },
      }),
    ),
    token,
    ports: port === undefined ? DEFAULT_PORTS : [port],
    reportError: (error) => printError(error instanceof Error ? error.message : String(error)),
  });
  const url = `http://127.0.0.1:${server.port}`;
  const shown = tokenSource === undefined ? `token ${token}` : `with the token of ${tokenSource}`;
  if (typed.flag("json")) printJson({ url, token });
  else print(`${run} at ${url}, ${shown}`);
  printError("Press Ctrl-C to stop the server");
  await whenAborted(signals.signal);
  return signals.exitCode ?? 0;
}
