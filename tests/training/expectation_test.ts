import { assertEquals, assertMatch } from "@std/assert";
import { describeExpectation } from "../../src/training/expectation.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { TRAINED_PROBLEM_OPTIONS } from "../../src/cli/problem_options.ts";
import { MODEL_OPTIONS, readSettings, TRAINING_OPTIONS } from "../../src/cli/settings.ts";

function expect(...args: string[]): string | undefined {
  const options = [...TRAINED_PROBLEM_OPTIONS, ...MODEL_OPTIONS, ...TRAINING_OPTIONS];
  return describeExpectation(readSettings(parseOptions(args, options)));
}

Deno.test("a training that is known to learn its task needs no words", () => {
  for (const digits of [2, 3, 4, 5]) assertEquals(expect(`--digits=${digits}`), undefined);
  assertEquals(expect("--recipe=notebook", "--epochs=1"), undefined); // the notebook is as it is
  assertEquals(expect("--epochs=10"), undefined);
  for (const option of ["--hidden-size=32", "--layers=2", "--cell=gru"]) {
    assertEquals(expect(option), undefined);
  }
});

Deno.test("a training that is not known to learn its task says so before it begins", () => {
  assertMatch(expect("--digits=1")!, /^What to expect: 50 questions are learned by heart/);
  assertMatch(expect("--digits=9")!, /no training is known/);
  assertMatch(expect("--problem=multiplication")!, /no training is known/);
  assertMatch(
    expect("--examples=1000")!,
    /900 different questions are too few .*--examples stream/,
  );
  for (const option of ["--hidden-size=31", "--layers=3", "--cell=simple"]) {
    assertMatch(expect(option)!, /at most 2 decoder layers and at least 32 units learns this/);
  }
  assertMatch(expect("--epochs=1")!, /1 epoch of 45,000 examples, where learning takes 4$/);
});
