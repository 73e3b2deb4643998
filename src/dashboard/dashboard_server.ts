/** The server of the page. @module */
import { createAssetRoutes } from "./assets.ts";
import { createDashboardRoutes } from "./dashboard_routes.ts";
import { EVENT_STREAM_LIMITS, type EventStreamLimits, EventStreams } from "./event_streams.ts";
import { DEFAULT_PORTS } from "./listen.ts";
import { LocalServer } from "./local_server.ts";
import { createNewsEncoder } from "./news_encoder.ts";
import { PAGE_ASSETS } from "./page_assets.ts";
import type { ServerLimits } from "./server_limits.ts";
import { checkChosenToken } from "./token.ts";
import { keepToken } from "./token_file.ts";
import type { WatchedRun } from "./watched_run.ts";

/** How to serve the page. */
export interface DashboardOptions {
  /** Where to listen on 127.0.0.1; 0 is any port that is free. Default: the first free one from 4750 to 4770. */
  readonly port?: number;
  /** What opens it. Default: kept in the directory of the first run. */
  readonly token?: string;
  /** Takes what went wrong; the page is not told. */
  readonly reportError: (error: unknown) => void;
  /** Default EVENT_STREAM_LIMITS. */
  readonly streamLimits?: EventStreamLimits;
  /** Default SERVER_LIMITS. */
  readonly serverLimits?: ServerLimits;
}

/** A page that is served until this is disposed of. */
export interface DashboardServer extends AsyncDisposable {
  /** Address with the token, which no request contains. */
  readonly url: string;
  readonly port: number;
  /** Pages that are told the news. */
  readonly clients: number;
  /** Open connections. */
  readonly connections: number;
}

/**
 * Serves the page of some runs on 127.0.0.1. The runs stay the caller's.
 *
 * @throws {RangeError} if there is no run, or the token cannot be one
 * @throws {Error} if no port can be had
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
