/** What graphics drivers print while an adapter is looked for. @module */

const VARIABLE = "XDG_RUNTIME_DIR";

/** Nobody but root can put a display's socket there. */
const FOLDER = "/";

/**
 * Keeps libwayland, which the OpenGL driver asks for a display, from printing "error: XDG_RUNTIME_DIR is invalid or not set in
 * the environment" on a Linux without a desktop. It writes to the process's standard error itself: only the variable silences it.
 *
 * The variable is set only where it names no folder, where that is permitted already, and until this is disposed of.
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
