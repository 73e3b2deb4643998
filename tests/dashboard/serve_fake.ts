/** A dashboard of a made-up run, for tests. @module */
import { type DashboardServer, startDashboard } from "../../src/dashboard/dashboard_server.ts";
import type { EventStreamLimits } from "../../src/dashboard/event_streams.ts";
import { SERVER_LIMITS, type ServerLimits } from "../../src/serve/server_limits.ts";
import { createFakeRun, type FakeRun } from "./fake_run.ts";

/** What opens it. */
export const TOKEN = "a-token-that-a-test-chose";
/** The header that says so. */
export const AUTHORIZATION = `Authorization: Bearer ${TOKEN}`;

/** What differs from the usual. */
export interface FakeOptions {
  readonly serverLimits?: Partial<ServerLimits>;
  readonly streamLimits?: EventStreamLimits;
}

/** A server, its run, and what it reported. */
export interface ServedFake extends AsyncDisposable {
  readonly server: DashboardServer;
  readonly run: FakeRun;
  readonly errors: unknown[];
}

/** Serves a made-up run at any port. */
export async function serveFake(options: FakeOptions = {}): Promise<ServedFake> {
  const run = createFakeRun();
  const errors: unknown[] = [];
  const server = await startDashboard([run], {
    port: 0,
    token: TOKEN,
    reportError: (error) => errors.push(error),
    serverLimits: { ...SERVER_LIMITS, ...options.serverLimits },
    ...(options.streamLimits && { streamLimits: options.streamLimits }),
  });
  return { server, run, errors, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
