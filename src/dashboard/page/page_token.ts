/// <reference lib="dom" />
/**
 * The token of the page's address. It is removed from the address, so that it is not in the history of the browser and not on a
 * screenshot. It is kept in the storage of the tab, so that the page can be reloaded.
 *
 * @module
 */
import { canBeToken } from "../../serve/token.ts";

const KEY = "carry-token";

/** Takes the token from the address, now and whenever an address with a token is opened in this tab. @returns gives the token */
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

/** Reads the token from the storage of the tab. A browser may forbid that. */
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
