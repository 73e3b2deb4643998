import { assertEquals, assertThrows } from "@std/assert";
import { suggest } from "../../src/arguments/suggest.ts";
import { type OptionSpec, parseOptions } from "../../src/cli/options.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const SPECS: OptionSpec[] = [
  { name: "epochs", value: "N", help: "" },
  { name: "name", value: "TEXT", help: "" },
  { name: "json", help: "" },
  { name: "reverse", negatable: true, help: "" },
];

Deno.test("suggest() compares names without their dashes", () => {
  assertEquals(suggest("--weights", ["--digits", "--help"]), "");
  assertEquals(suggest("--digit", ["--digits", "--help"]), '; did you mean "--digits"?');
  assertEquals(suggest("trian", ["train", "runs"]), '; did you mean "train"?');
});

Deno.test("parseOptions() reads numbers, texts, flags and other arguments", () => {
  const typed = parseOptions(["--epochs", "3", "12+34", "--name=a=b", "--json", "7"], SPECS);
  assertEquals(typed.number("epochs"), 3);
  assertEquals(typed.text("name"), "a=b");
  assertEquals(typed.flag("json"), true);
  assertEquals(typed.positionals, ["12+34", "7"]);
});

Deno.test("parseOptions() leaves options that were not typed undefined, and flags off", () => {
  const typed = parseOptions([], SPECS);
  assertEquals(typed.number("epochs"), undefined);
  assertEquals(typed.text("name"), undefined);
  assertEquals(typed.flag("json"), false);
});

Deno.test("parseOptions() switches a negatable flag off with --no-", () => {
  assertEquals(parseOptions([], SPECS).flag("reverse"), true);
  assertEquals(parseOptions(["--reverse"], SPECS).flag("reverse"), true);
  assertEquals(parseOptions(["--no-reverse"], SPECS).flag("reverse"), false);
});

Deno.test("parseOptions() takes the last of a repeated option", () => {
  assertEquals(parseOptions(["--epochs", "3", "--epochs", "4"], SPECS).number("epochs"), 4);
});

Deno.test("parseOptions() suggests the nearest option for an unknown one", () => {
  for (
    const [typed, meant] of [["--epoch", "--epochs"], ["--jsn", "--json"], [
      "--no-revers",
      "--no-reverse",
    ]]
  ) {
    assertThrows(() => parseOptions([typed!], SPECS), UsageError, `did you mean "${meant}"?`);
  }
  assertThrows(() => parseOptions(["--hlep"], []), UsageError, 'did you mean "--help"?');
  assertThrows(() => parseOptions(["-x"], SPECS), UsageError, 'Unknown option "-x"');
  assertThrows(() => parseOptions(["--__proto__=1"], SPECS), UsageError, "Unknown option");
  for (const name of ["constructor", "no-constructor", "toString=1", "hasOwnProperty"]) {
    assertThrows(() => parseOptions([`--${name}`], SPECS), UsageError, "Unknown option");
  }
});

Deno.test("parseOptions() refuses a value for a flag", () => {
  for (const arg of ["--json=yes", "--json=", "--reverse=false"]) {
    assertThrows(() => parseOptions([arg], SPECS), UsageError, "takes no value");
  }
});

Deno.test("parseOptions() refuses an option without its value, or with a value that is not a number", () => {
  for (const args of [["--epochs"], ["--epochs="], ["--epochs", "--json"]]) {
    assertThrows(() => parseOptions(args, SPECS).number("epochs"), UsageError, "needs a value");
  }
  for (const value of ["x", "1e", "0x10", "Infinity", "1_000"]) {
    assertThrows(
      () => parseOptions([`--epochs=${value}`], SPECS).number("epochs"),
      UsageError,
      value,
    );
  }
  assertEquals(parseOptions(["--epochs=1e-3"], SPECS).number("epochs"), 0.001);
});

Deno.test("parseOptions() names the choices of an option", () => {
  const choose = (value: string): unknown =>
    parseOptions(["--name", value], SPECS).choice("name", ["lstm", "gru"] as const);
  assertEquals(choose("gru"), "gru");
  assertThrows(() => choose("grü"), UsageError, "one of lstm, gru");
});

Deno.test("parseOptions() refuses an option without a name", () => {
  for (const argument of ["--=", "--==1", "--=epochs"]) {
    assertThrows(() => parseOptions([argument], []), UsageError, "needs a name");
  }
});

Deno.test("parseOptions() reads a negative number as a value or an argument, never as an option", () => {
  for (const args of [["--epochs", "-1"], ["--epochs=-1"]]) {
    assertEquals(parseOptions(args, SPECS).number("epochs"), -1);
  }
  assertEquals(parseOptions(["--epochs", "-.5e3"], SPECS).number("epochs"), -500);
  assertEquals(parseOptions(["-1+2", "--json", "-", "--", "--epochs"], SPECS).positionals, [
    "-1+2",
    "-",
    "--epochs",
  ]);
  assertThrows(
    () => parseOptions(["--epochs", "-x"], SPECS),
    UsageError,
    'Unknown option "-x"',
  );
});
