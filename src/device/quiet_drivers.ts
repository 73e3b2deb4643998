/** Silences graphics drivers while an adapter is looked for. @module */

const VARIABLE = "XDG_RUNTIME_DIR";

/** A folder in which only root can put the socket of a display. */
const FOLDER = "/";

/**
 * Keeps libwayland, which the OpenGL driver asks for a display, from printing "error: XDG_RUNTIME_DIR is invalid or not set in
 * the environment" on a Linux without a desktop. It writes to the process's standard error directly, so only the variable silences it.
 *
 * The variable is set only if it names no folder and if the permission is already granted. Disposal restores it.
 */
export function quietDrivers(): Disposable {
  const nothing = { [Symbol.dispose]: () => {} };
  if (globalThis.Deno === undefined || Deno.build.os === "windows") return nothing;
  const { state } = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  if (state !== "granted") return nothing;
  const before = Deno.env.get(VARIABLE);
  if (before?.startsWith("/")) return nothing;
  Deno.env.set(VARIABLE, FOLDER);
  return {
    [Symbol.dispose]: () => {
      if (Deno.env.get(VARIABLE) !== FOLDER) return;
      if (before === undefined) Deno.env.delete(VARIABLE);
      else Deno.env.set(VARIABLE, before);
    },
  };
}
