/// <reference lib="dom" />
/**
 * The token of the page's address. It is taken out of the address, so that neither the browser's history nor a shared
 * picture of the page shows it, and kept in the tab, so that the page can be reloaded.
 *
 * @module
 */
import { canBeToken } from "../token.ts";

const KEY = "carry-token";

/** Takes the token out of the address, now and whenever somebody opens another address in this tab. @returns reads it */
export function takePageToken(): () => string {
  let token = recall();
  const take = (): void => {
    const given = location.hash.slice(1);
    if (!canBeToken(given)) return; // a link to a part of the page
    token = given;
    remember(given);
    history.replaceState(history.state, "", location.pathname + location.search);
  };
  take();
  globalThis.addEventListener("hashchange", take);
  return () => token;
}

/** The storage of a tab ends with it; a browser may forbid to use it. */
function recall(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function remember(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch { /* the page works until it is reloaded */ }
}
