/** Python with the packages that read and write the formats of others. @module */
import { canRun } from "../permissions.ts";

/** The Python that tests use: that of `CARRY_PYTHON`, or `python3` of the PATH, before which `npx` may put other folders. */
export const PYTHON: string = (canRun ? Deno.env.get("CARRY_PYTHON") : undefined) ?? "python3";

/** Says whether Python can import all of these modules; false without permission to run it. */
export function hasPython(...modules: readonly string[]): boolean {
  if (!canRun) return false;
  try {
    const { success } = new Deno.Command(PYTHON, {
      args: [
        "-c",
        modules.map((name) => `import importlib.util as u; assert u.find_spec("${name}")`).join(
          "\n",
        ),
      ],
      ...{ stdout: "null", stderr: "null" },
    }).outputSync();
    return success;
  } catch {
    return false;
  }
}

/** The environment of programs that use Keras: on JAX, which `.ci/run` installs. */
export const KERAS_ENVIRONMENT: Readonly<Record<string, string>> = {
  ...{ KERAS_BACKEND: "jax", JAX_PLATFORMS: "cpu", PYTHONWARNINGS: "ignore" },
};

/** Runs a Python program, with Keras on JAX. @returns what it prints @throws {Error} with what it says, if it fails */
export async function runPython(program: string, ...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, {
    args: ["-c", program, ...args],
    env: KERAS_ENVIRONMENT,
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`Python failed:\n${text.decode(stderr)}`);
  return text.decode(stdout);
}
