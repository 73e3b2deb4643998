import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "../../src/cli/options.ts";
import { PROBLEM_OPTIONS, readProblem } from "../../src/cli/problem_options.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const read = (args: readonly string[], stored?: string): Readonly<Record<string, unknown>> =>
  readProblem(parseOptions(args, PROBLEM_OPTIONS), stored);

Deno.test("the options of all problems stand in one list, each once", () => {
  const names = PROBLEM_OPTIONS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (const name of ["problem", "digits", "terms", "base", "examples", "operators", "seed"]) {
    assert(names.includes(name), name);
  }
  const { help } = PROBLEM_OPTIONS.find(({ name }) => name === "digits")!;
  assertEquals(
    help,
    "most digits of each number, 1 to 9 (default 3); numbers: most digits of a number, 1 to 6 (default 4)",
  );
});

Deno.test("readProblem() reads the settings of the problem that is named", () => {
  assertEquals(read([]), { name: "addition" });
  assertEquals(read(["--digits", "2"]), { name: "addition", digits: 2 });
  assertEquals(read(["--problem", "mixed", "--operators=+-*", "--seed", "3"]), {
    ...{ name: "mixed", operators: "+-*", seed: 3 },
  });
  assertEquals(read(["--digits", "2"], "numbers"), { name: "numbers", digits: 2 });
  assertEquals(read(["--problem", "dates"], "numbers"), { name: "dates" });
});

Deno.test("readProblem() refuses an unknown problem, and an option of another one", () => {
  assertThrows(() => read(["--problem", "date"]), UsageError, 'did you mean "dates"?');
  assertThrows(
    () => read(["--operators", "+-"]),
    UsageError,
    "Cannot use --operators with the problem addition: it is an option of mixed; the options of addition are --digits",
  );
  assertThrows(() => read(["--problem", "dates", "--digits", "2"]), UsageError, "--digits with");
  assertThrows(() => read(["--digits", "two"]), UsageError, 'it must be a number, but is "two"');
});
