/** The routes of a server: its answers by path and method. @module */
import type { Answer } from "./answer.ts";
import { type Access, checkFetchSite, checkToken } from "./guard.ts";
import type { ReceivedRequest } from "./received_request.ts";
import { Refusal } from "./refusal.ts";

/** What a request asks of a route. */
export interface Asked {
  /** The target after the question mark. */
  readonly query: string;
  /** The JSON body of a POST request. */
  readonly body: unknown;
}

/** The answer of one path. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly access: Access;
  /** @throws {Refusal} if the request cannot be answered */
  readonly answer: (asked: Asked) => Answer | Promise<Answer>;
}

/** The methods that a route answers: HEAD gives the headers of GET. */
const METHODS: Readonly<Record<Route["method"], readonly string[]>> = {
  GET: ["GET", "HEAD"],
  POST: ["POST"],
};

/** Routes by path. A path is only compared with these: it is never resolved or joined. */
export type Routes = ReadonlyMap<string, Route>;

/**
 * Finds the route of a request. A client without the token cannot find out which paths exist.
 *
 * @throws {Refusal} 401 without the token, 403 for another site, 404 for another path, 405 for another method
 */
export function findRoute(request: ReceivedRequest, routes: Routes, token: string): Route {
  const route = routes.get(request.path);
  const access = route?.access ?? "token";
  checkFetchSite(request, access);
  if (access === "token") checkToken(request, token);
  if (route === undefined) throw new Refusal(404, "Cannot answer: there is nothing at this path");
  const methods = METHODS[route.method];
  if (methods.includes(request.method)) return route;
  throw new Refusal(405, `Cannot answer: the method must be ${methods.join(" or ")}`, {
    headers: { Allow: methods.join(", ") },
  });
}
