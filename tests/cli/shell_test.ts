import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { describeProgramAt } from "../../src/cli/program.ts";
import { type OptionSpec, parseOptions } from "../../src/cli/options.ts";
import { formatOption, formatTyped, quoteWord } from "../../src/cli/shell.ts";
import { canRun } from "../permissions.ts";

Deno.test("quoteWord() quotes a word only if a shell would read it differently", () => {
  assertEquals(quoteWord("./checkpoints/run-0001"), "./checkpoints/run-0001");
  assertEquals(quoteWord("12+34"), "12+34");
  assertEquals(quoteWord("my run"), "'my run'");
  assertEquals(quoteWord("it's"), "'it'\\''s'");
  assertEquals(quoteWord("~/run"), "'~/run'");
  assertEquals(quoteWord(""), "''");
  assertEquals(quoteWord("a\x1bb\n"), "$'a\\033b\\012'");
});

Deno.test("formatOption() binds a value that begins with a dash to its option", () => {
  assertEquals(formatOption("run", "a b"), "--run 'a b'");
  assertEquals(formatOption("run", "-x"), "--run=-x");
});

Deno.test("formatTyped() formats the options that were typed, and no others", () => {
  const [run, port, logs, page]: readonly OptionSpec[] = [
    ...[{ name: "run", value: "DIR", help: "" }, { name: "port", value: "P", help: "" }],
    ...[{ name: "logs", value: "DIR", help: "" }, { name: "page", help: "" }],
  ];
  const typed = parseOptions(["--logs", "my logs", "--run=r", "--page"], [
    run!,
    port!,
    logs!,
    page!,
  ]);
  assertEquals(formatTyped(typed, [page!, port!, logs!]), ["--page", "--logs 'my logs'"]);
});

Deno.test({
  name: "a shell reads every quoted word unchanged",
  ignore: !canRun || Deno.build.os === "windows",
  async fn(): Promise<void> {
    const unit = fc.string({ unit: "binary", maxLength: 12 });
    const words = fc.sample(unit, { numRuns: 200, seed: 1 })
      .map((word) => word.replaceAll("\0", "").toWellFormed());
    words.push("$(id)", "`id`", "a;b|c&d", "\\", "!", "*", "#x", "\x1b1");
    const script = words.map((word) => `printf '%s\\0' ${quoteWord(word)}`).join("\n");
    const { stdout } = await new Deno.Command("bash", { args: ["-c", script] }).output();
    assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words);
  },
});

Deno.test("the program's name in hints works from any working directory", () => {
  const script = new URL("file:///home/me/carry/cli.ts");
  const names: [string | undefined, string][] = [
    ["/home/me/carry", "cli.ts"],
    ["/home/me", "carry/cli.ts"],
    ["/", "home/me/carry/cli.ts"],
    ["/home/me/carry/src/cli", "../../cli.ts"],
    ["/home/me/carrying", "/home/me/carry/cli.ts"],
    ["/tmp", "/home/me/carry/cli.ts"],
    [undefined, "/home/me/carry/cli.ts"],
  ];
  for (const [folder, path] of names) {
    assertEquals(describeProgramAt(script, folder), `deno run -A ${path}`, folder);
  }
  assertEquals(
    describeProgramAt(new URL("file:///home/me/my%20carry/cli.ts"), "/tmp"),
    "deno run -A '/home/me/my carry/cli.ts'",
  );
  assertEquals(
    describeProgramAt(new URL("file:///home/me/-x/cli.ts"), "/home/me"),
    "deno run -A ./-x/cli.ts",
  );
  assertEquals(
    describeProgramAt(new URL("https://jsr.io/@carry/seq2seq/0.1.0/cli.ts"), "/tmp"),
    "deno run -A jsr:@carry/seq2seq/cli",
  );
  assertEquals(
    describeProgramAt(new URL("https://example.org/carry/cli.ts"), "/tmp"),
    "deno run -A https://example.org/carry/cli.ts",
  );
});
