/** The server of the page. @module */
import { DEFAULT_PORTS } from "../serve/listen.ts";
import { LocalServer } from "../serve/local_server.ts";
import type { ServerLimits } from "../serve/server_limits.ts";
import { checkChosenToken } from "../serve/token.ts";
import { keepToken } from "../serve/token_file.ts";
import { createAssetRoutes } from "./assets.ts";
import { createDashboardRoutes } from "./dashboard_routes.ts";
import { EVENT_STREAM_LIMITS, type EventStreamLimits, EventStreams } from "./event_streams.ts";
import { createNewsEncoder } from "./news_encoder.ts";
import { PAGE_ASSETS } from "./page_assets.ts";
import type { WatchedRun } from "./watched_run.ts";

/** How to serve the page. */
export interface DashboardOptions {
  /** Port on 127.0.0.1; 0 means any free port. Default: the first free one from 4750 to 4770. */
  readonly port?: number;
  /** The token that requests must have. Default: one that is kept in the directory of the first run. */
  readonly token?: string;
  /** Is called with every error that the page is not told. */
  readonly reportError: (error: unknown) => void;
  /** Default EVENT_STREAM_LIMITS. */
  readonly streamLimits?: EventStreamLimits;
  /** Default SERVER_LIMITS. */
  readonly serverLimits?: ServerLimits;
}

/** A server of the page. Disposing of it stops the server. */
export interface DashboardServer extends AsyncDisposable {
  /** Address of the page with the token after `#`: a browser sends no request with that part. */
  readonly url: string;
  readonly port: number;
  /** Pages that receive events. */
  readonly clients: number;
  /** Open connections. */
  readonly connections: number;
}

/**
 * Serves the page of some runs on 127.0.0.1. The caller disposes of the runs.
 *
 * @throws {RangeError} if there is no run, or the token is not valid
 * @throws {Error} if the server cannot listen, with the reason
 */
export async function startDashboard(
  runs: readonly WatchedRun[],
  options: DashboardOptions,
): Promise<DashboardServer> {
  const [first] = runs;
  if (first === undefined) throw new RangeError("Cannot serve a page: no run was given");
  const { port, reportError, streamLimits = EVENT_STREAM_LIMITS, serverLimits } = options;
  const token = options.token === undefined
    ? await keepToken(first.path)
    : checkChosenToken(options.token);
  const streams = new EventStreams(createNewsEncoder(runs), runs.length, {
    limits: streamLimits,
    reportError,
  });
  const server = await LocalServer.start({
    routes: new Map([...createAssetRoutes(PAGE_ASSETS), ...createDashboardRoutes(runs, streams)]),
    token,
    ports: port === undefined ? DEFAULT_PORTS : [port],
    reportError,
    ...(serverLimits && { limits: serverLimits }),
  });
  return {
    url: `http://127.0.0.1:${server.port}/#${token}`,
    port: server.port,
    get clients() {
      return streams.size;
    },
    get connections() {
      return server.connections;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      streams[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
