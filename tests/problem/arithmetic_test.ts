import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Example } from "../../src/problem/example.ts";
import type { ArithmeticSettings } from "../../src/problem/arithmetic/settings.ts";
import { countCarries } from "../../src/problem/arithmetic/groupings.ts";
import { countDrawable } from "../../src/problem/arithmetic/sampler.ts";
import { createSpace } from "../../src/problem/arithmetic/space.ts";
import { ADDITION } from "../../src/problem/addition_problem.ts";
import { MIXED } from "../../src/problem/mixed.ts";
import { MULTIPLICATION } from "../../src/problem/multiplication.ts";
import type { Problem, ProblemKind } from "../../src/problem/problem.ts";
import { SUBTRACTION } from "../../src/problem/subtraction.ts";

const KINDS = [ADDITION, SUBTRACTION, MULTIPLICATION, MIXED];

function make(kind: ProblemKind<ArithmeticSettings>, given: Record<string, unknown>): Problem {
  const settings = kind.resolve(given);
  return kind.create(settings, kind.layOut!(settings, true));
}

function examplesOf(
  kind: ProblemKind<ArithmeticSettings>,
  given: Record<string, unknown>,
): Example[] {
  return [...make(kind, given).generated!.examples()];
}

function take<T>(values: Iterable<T>, count: number): T[] {
  return Iterator.from(values).take(count).toArray();
}

/** Reads a number of any base exactly. */
function readBigInt(text: string, base: number): bigint {
  return Array.from(text, (digit) => BigInt(parseInt(digit, 16)))
    .reduce((value, digit) => value * BigInt(base) + digit, 0n);
}

/** Calculates a question by BigInt: products first. */
function calculate(question: string, base: number): string {
  let result = 0n;
  for (const [, sign, product] of question.matchAll(/(^|[-+])([0-9a-f*]+)/g)) {
    const value = product!.split("*").map((factor) => readBigInt(factor, base))
      .reduce((a, b) => a * b);
    result += sign === "-" ? -value : value;
  }
  return result.toString(base);
}

const anyKind = fc.constantFrom(...KINDS);
const anySettings = fc.record({
  digits: fc.integer({ min: 1, max: 9 }),
  terms: fc.integer({ min: 2, max: 5 }),
  base: fc.integer({ min: 2, max: 16 }),
  sampler: fc.constantFrom("notebook", "uniform"),
  seed: fc.integer(),
});

/** Resolves settings with a few examples, or all if there are fewer. */
function resolveFew(kind: ProblemKind<ArithmeticSettings>, given: object): ArithmeticSettings {
  const all = kind.resolve({ ...given });
  return { ...all, examples: Math.min(all.examples, 40) };
}

Deno.test("every question is read back unchanged, fits the layout, and its answer is right", () => {
  fc.assert(fc.property(anyKind, anySettings, (kind, given) => {
    const settings = resolveFew(kind, given);
    const { source, target } = kind.layOut!(settings, true);
    const problem = kind.create(settings, { source, target });
    const seen = new Set<string>();
    const { generated } = problem;
    const fresh = [...take(generated!.stream(1), 10)];
    for (const example of [...generated!.examples(), ...fresh, ...generated!.edgeCases()]) {
      const { question, answer } = example;
      assertEquals(answer, calculate(question, settings.base), question);
      assertEquals(problem.readQuestion(question), { question });
      assertEquals(problem.answer!(question), answer);
      assert(question.length <= source.length && answer.length <= target.length);
      assert(Array.from(question).every((symbol) => source.symbols.includes(symbol)), question);
      assert(Array.from(answer).every((symbol) => target.symbols.includes(symbol)), answer);
      for (const { keyOf } of problem.groupings) assert(keyOf(example).length <= 64);
    }
    for (const example of generated!.examples()) seen.add(generated!.groupOf!(example));
    assertEquals(seen.size, settings.examples, "a question occurs twice");
  }));
});

Deno.test("the same seed gives the same examples, another seed or epoch other ones", () => {
  for (const kind of KINDS) {
    const text = (seed: number): string => JSON.stringify(examplesOf(kind, { examples: 50, seed }));
    assertEquals(text(3), text(3));
    assert(text(3) !== text(4));
    const fresh = (epoch: number): string =>
      JSON.stringify([...take(make(kind, { seed: 3 }).generated!.stream(epoch), 50)]);
    assertEquals(fresh(1), fresh(1));
    assert(fresh(1) !== fresh(2));
    assert(fresh(1) !== text(3));
  }
});

/**
 * Examples of version 0.1.0, before there were other problems: the first ones, and the first 16 digits of the SHA-256 of
 * "question=answer" lines. Runs that were begun with them are resumed.
 */
const GOLDEN: readonly {
  readonly given: Record<string, unknown>;
  readonly first: string;
  readonly hash: string;
}[] = [
  {
    given: {},
    first: "52+5=57 596+0=596 4+988=992 11+15=26 6+13=19 815+2=817 47+42=89 9+4=13",
    hash: "d596a8632a7f3c97",
  },
  {
    given: { digits: 1, examples: 55 },
    first: "5+1=6 4+9=13 9+8=17 9+1=10 1+6=7 4+3=7 8+5=13 2+4=6",
    hash: "244e7e0c918b28c0",
  },
  {
    given: { digits: 1, examples: 55, sampler: "uniform" },
    first: "0+8=8 0+3=3 5+1=6 1+7=8 6+5=11 4+1=5 5+4=9 1+1=2",
    hash: "f1c86d105c7a50c8",
  },
  {
    given: { digits: 2, examples: 5050 },
    first: "52+54=106 96+8=104 9+88=97 11+1=12 66+1=67 28+57=85 0+7=7 4+8=12",
    hash: "e23d133f6a236cbe",
  },
  {
    given: { digits: 3, examples: 500_500, sampler: "uniform" },
    first: "20+348=368 140+103=243 615+841=1456 221+657=878 786+115=901 554+851=1405",
    hash: "b033f794e08ab533",
  },
  {
    given: { digits: 3, examples: 20_000, seed: -5 },
    first: "12+506=518 3+9=12 5+89=94 225+502=727 412+775=1187 5+802=807 56+949=1005 8+5=13",
    hash: "c855a0a4a4dffe0e",
  },
  {
    given: { digits: 4, examples: 100_000 },
    first: "5215+5=5220 6908+998=7906 9+16=25 56+413=469 815+2047=2862 4+891=895",
    hash: "cda66e452149cf56",
  },
  {
    given: { digits: 5, examples: 20_000, sampler: "uniform" },
    first: "40020+93348=133368 58140+66103=124243 8615+87841=96456 58221+1657=59878",
    hash: "7c32cfddb880d72f",
  },
  {
    given: { digits: 7, examples: 20_000 },
    first: "521545+6908499=7430044 89116+566=89682 1+28=29 57204+7042891=7100095",
    hash: "8f1053771dd04f0a",
  },
  {
    given: { digits: 9, examples: 20_000 },
    first: "52154+96908499=96960653 89116+566=89682 13281+720477042=720490323",
    hash: "d1829d9dc03e4f47",
  },
  {
    given: { digits: 9, examples: 20_000, sampler: "uniform", seed: 3 },
    first: "200932043+993580204=1194512247 504344405+965696630=1470041035",
    hash: "1c2c3fa03c0fd2c0",
  },
];

Deno.test("additions are the same from version to version", async () => {
  for (const { given, first, hash } of GOLDEN) {
    const lines: string[] = [];
    for (const { question, answer } of make(ADDITION, given).generated!.examples()) {
      lines.push(`${question}=${answer}\n`);
    }
    const wanted = first.split(" ");
    assertEquals(lines.slice(0, wanted.length).map((line) => line.trimEnd()), wanted);
    const bytes = new TextEncoder().encode(lines.join(""));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    assertEquals(digest.toHex().slice(0, 16), hash, JSON.stringify(given));
  }
});

Deno.test("all questions that there are can be made, none twice", () => {
  const sizes: readonly (readonly [ProblemKind<ArithmeticSettings>, object, number])[] = [
    [ADDITION, { digits: 2 }, 5050],
    [ADDITION, { digits: 1, terms: 3 }, 220],
    [ADDITION, { digits: 1, terms: 5, base: 3 }, 21],
    [SUBTRACTION, { digits: 1 }, 100],
    [SUBTRACTION, { digits: 1, terms: 3, base: 4 }, 64],
    [MULTIPLICATION, { digits: 2 }, 5050],
    [MIXED, { digits: 1 }, 155],
    [MIXED, { digits: 1, operators: "*+" }, 110],
    [MIXED, { digits: 1, terms: 3, base: 2, operators: "+-*" }, 7 * 8 + 2 * 4],
  ];
  for (const [kind, given, size] of sizes) {
    for (const sampler of ["notebook", "uniform"]) {
      const problem = make(kind, { ...given, sampler });
      assertEquals(problem.generated!.count, size, JSON.stringify(given));
      const groups = new Set<string>();
      for (const example of problem.generated!.examples()) {
        groups.add(problem.generated!.groupOf!(example));
      }
      assertEquals(groups.size, size, JSON.stringify(given));
      const error = assertThrows(
        () => kind.resolve({ ...given, examples: size + 1 }),
        RangeError,
        `there are only ${size} different ones`,
      );
      assert(error.message.includes(`examples is ${size + 1}`));
    }
  }
});

Deno.test("so many examples that they cannot be listed are limited", () => {
  const space = createSpace({ digits: 9, terms: 5, base: 16, operators: "+-*" });
  assertEquals(countDrawable(space), 2 ** 24);
  assertThrows(
    () => ADDITION.resolve({ digits: 5, examples: 2 ** 24 + 1 }),
    RangeError,
    "there can be at most 16777216",
  );
  assertEquals(ADDITION.resolve({ digits: 4, examples: 50_005_000 }).examples, 50_005_000);
});

Deno.test("a problem of arithmetic refuses settings that are unknown or out of range", () => {
  const wrong: readonly (readonly [object, string])[] = [
    [{ digits: 0 }, "digits must be an integer from 1 to 9, but is 0"],
    [{ digits: 10 }, "digits must be an integer from 1 to 9, but is 10"],
    [{ digits: 1.5 }, "but is 1.5"],
    [{ digits: "3" }, 'but is "3"'],
    [{ terms: 1 }, "terms must be an integer from 2 to 5, but is 1"],
    [{ terms: 6 }, "but is 6"],
    [{ base: 1 }, "base must be an integer from 2 to 16, but is 1"],
    [{ base: 17 }, "but is 17"],
    [{ examples: 0 }, "examples must be a positive integer, but is 0"],
    [{ examples: NaN }, "but is NaN"],
    [{ seed: 0.5 }, "seed must be a safe integer, but is 0.5"],
    [{ sampler: "other" }, "sampler must be one of notebook, uniform"],
    [{ digit: 3 }, 'there is no option "digit"; did you mean "digits"?'],
    [{ name: "pairs" }, "name must be one of"],
    [{ constructor: 1 }, 'there is no option "constructor"'],
  ];
  for (const kind of KINDS) {
    for (const [given, message] of wrong) {
      assertThrows(() => kind.resolve({ ...given }), Error, message);
    }
    assertThrows(() => kind.resolve(null as unknown as Record<string, unknown>), TypeError);
  }
  assertThrows(() => ADDITION.resolve({ operators: "+-" }), TypeError, "operators");
  for (const operators of ["+", "++", "+/", "", "+-*+", 3]) {
    assertThrows(() => MIXED.resolve({ operators }), Error, "operators must be two or three");
  }
});

Deno.test("complete settings are resolved to themselves", () => {
  for (const kind of KINDS) {
    const settings = kind.resolve({ seed: 7, examples: 30 });
    assertEquals(kind.resolve({ ...settings }), settings);
    assertEquals(settings.name, kind.name);
  }
  assertEquals(MIXED.resolve({ operators: "*-+" }).operators, "+-*");
});

Deno.test("the layout of additions is the notebook's", () => {
  const settings = ADDITION.resolve({});
  const symbols = Array.from(" +0123456789");
  const shared = { symbols, padding: " ", separator: "", normalize: "none" } as const;
  assertEquals(ADDITION.layOut!(settings, true), {
    source: { length: 7, ...shared, reverse: true },
    target: { length: 4, ...shared, reverse: false },
  });
});

Deno.test("answers have room, and no more than the longest needs", () => {
  const lengthOf = (kind: ProblemKind<ArithmeticSettings>, given: object): number =>
    kind.layOut!(kind.resolve({ ...given, examples: 1 }), false).target.length;
  assertEquals(lengthOf(ADDITION, { terms: 5 }), 4); // 4995
  assertEquals(lengthOf(ADDITION, { terms: 5, base: 2, digits: 1 }), 3); // 101
  assertEquals(lengthOf(SUBTRACTION, {}), 4); // -999
  assertEquals(lengthOf(SUBTRACTION, { terms: 3 }), 5); // -1998
  assertEquals(lengthOf(MULTIPLICATION, { digits: 9, terms: 5 }), 45);
  assertEquals(lengthOf(MIXED, {}), 4); // 1998, -999
  assertEquals(lengthOf(MIXED, { terms: 3, operators: "-*", digits: 1 }), 3); // -81, 729
});

Deno.test("readQuestion() removes spaces, and says what else it changes", () => {
  const { readQuestion } = make(ADDITION, {});
  assertEquals(readQuestion("  12 + 34\n"), { question: "12+34" });
  assertEquals(readQuestion("007+8"), { question: "7+8", note: 'Read "007+8" as "7+8"' });
  assertEquals(readQuestion("000000+0"), { question: "0+0", note: 'Read "000000+0" as "0+0"' });
  assertEquals(make(MULTIPLICATION, {}).readQuestion("12 × 3").question, "12*3");
  assertEquals(make(MULTIPLICATION, {}).readQuestion("12x3").note, 'Read "12x3" as "12*3"');
  assertEquals(make(SUBTRACTION, {}).readQuestion("5 − 12").question, "5-12");
  assertEquals(make(ADDITION, { base: 16 }).readQuestion("FF+1").question, "ff+1");
  assertEquals(make(MIXED, { terms: 3 }).readQuestion("1 + 2 - 3").question, "1+2-3");
});

Deno.test("readQuestion() refuses what is no question, and says what a question is", () => {
  const awkward = [
    ...[
      "",
      " ",
      "12",
      "1+",
      "+1",
      "1++2",
      "1+2+3",
      "a+b",
      "1 2+3",
      "-1+2",
      "1+-2",
      "1.5+2",
      "1,5+2",
    ],
    ...[
      "1+2=3",
      "1-2",
      "1*2",
      "١+٢",
      "１+２",
      "1\u00002",
      "1+2\u0000",
      "null",
      "__proto__",
      "1e3+2",
    ],
    ...["🙂+1", "\ud800+1", "<b>1</b>+2", "1+2;rm", "0x1+2", "0b1+2", "Infinity+1", "NaN+NaN"],
  ];
  const { readQuestion } = make(ADDITION, {});
  for (const text of awkward) {
    assertThrows(
      () => readQuestion(text),
      SyntaxError,
      "a question must be a sum of two numbers of up to 3 digits each, such as 12+34",
      text,
    );
  }
  assertThrows(
    () => readQuestion("1234+5"),
    RangeError,
    'Cannot answer "1234+5": a number must have up to 3 digits, but "1234" has 4',
  );
  assertThrows(() => make(ADDITION, { base: 2 }).readQuestion("12+1"), SyntaxError, "in base 2");
  assertThrows(() => make(MIXED, {}).readQuestion("1*2"), SyntaxError, "with + or - between");
  assertThrows(() => readQuestion(5 as unknown as string), TypeError, "must be a string");
});

Deno.test("readQuestion() is quick on long hostile texts, and quotes only their beginning", () => {
  const long = 200_000;
  const texts = [
    "1".repeat(long),
    `${"1".repeat(long)}+1`,
    `1+1${" ".repeat(long)}x`,
    `1${" ".repeat(long)}+${" ".repeat(long)}`,
    "1+".repeat(long),
    "+".repeat(long),
    "0".repeat(long) + "x",
  ];
  for (const kind of KINDS) {
    const { readQuestion } = make(kind, {});
    for (const text of texts) {
      const start = performance.now();
      const error = assertThrows(() => readQuestion(text), Error);
      assert(error.message.length < 300);
      assert(performance.now() - start < 500);
    }
  }
});

Deno.test("readQuestion() gives a question that it leaves as it is, or an error, whatever is typed", () => {
  const typed = fc.string({
    unit: fc.constantFrom(..."0123456789abxX+-−*× \t\u3000٣"),
    maxLength: 14,
  });
  fc.assert(fc.property(anyKind, anySettings, typed, (kind, given, text) => {
    const settings = resolveFew(kind, given);
    const problem = make(kind, settings);
    let question: string;
    try {
      question = problem.readQuestion(text).question;
    } catch (error) {
      assert(error instanceof SyntaxError || error instanceof RangeError, String(error));
      return;
    }
    assertEquals(problem.readQuestion(question), { question });
    assertEquals(problem.answer!(question), calculate(question, settings.base));
  }));
});

Deno.test("words describe the numbers, the base and the operators", () => {
  assertEquals(make(ADDITION, {}).title, "50,000 additions of up to 3 digits");
  assertEquals(
    make(ADDITION, { digits: 1 }).question,
    "a sum of two numbers of 1 digit each, such as 1+2",
  );
  assertEquals(
    make(ADDITION, { terms: 3, base: 2, examples: 9 }).title,
    "9 additions of 3 numbers of up to 3 digits in base 2",
  );
  assertEquals(
    make(MIXED, { terms: 3, operators: "+-*" }).question,
    "three numbers of up to 3 digits each with + or - or * between them, such as 12+34-56",
  );
});

Deno.test("examples are grouped by carries, borrows, sign, operators and lengths", () => {
  const keys = (problem: Problem, question: string): Record<string, string> =>
    Object.fromEntries(problem.groupings.map(({ name, keyOf }) => [
      name,
      keyOf({ question, answer: problem.answer!(question)! }),
    ]));
  assertEquals(keys(make(ADDITION, {}), "95+5"), { carries: "2", lengths: "2+1" });
  assertEquals(keys(make(ADDITION, { terms: 3 }), "9+99+1"), { carries: "2", lengths: "4" });
  assertEquals(keys(make(ADDITION, { base: 16 }), "f0+1f"), { carries: "1", lengths: "2+2" });
  assertEquals(keys(make(ADDITION, { base: 2, terms: 5 }), "1+1+1+1+1"), {
    carries: "2",
    lengths: "5",
  });
  const subtraction = make(SUBTRACTION, { digits: 4 });
  assertEquals(keys(subtraction, "1000-1"), { borrows: "3", sign: "positive", lengths: "4+1" });
  assertEquals(keys(subtraction, "1-1000"), { borrows: "3", sign: "negative", lengths: "1+4" });
  assertEquals(keys(subtraction, "7-7"), { borrows: "0", sign: "zero", lengths: "1+1" });
  const mixed = make(MIXED, { terms: 3 });
  assertEquals(keys(mixed, "1+2-30"), { operators: "+-", sign: "negative", lengths: "4" });
});

Deno.test("carries are counted as on paper", () => {
  const sums = ["0+0", "4+5", "5+5", "999+1", "999+999", "95+5", "100+905", "7+93"];
  assertEquals(sums.map((sum) => countCarries(sum)), [0, 0, 1, 3, 3, 2, 1, 2]);
  assertThrows(() => countCarries("12/3"), SyntaxError, 'Cannot read "12/3"');
});

Deno.test("every question is asked in both orders, if there are not too many", () => {
  const { every } = make(ADDITION, {}).generated!;
  assertEquals(every!.count, 1_000_000);
  assertEquals([...take(every!.examples(), 1002)].at(-1), { question: "1+1", answer: "2" });
  const mixed = make(MIXED, { digits: 1, operators: "+-*" }).generated!.every!;
  const all = [...mixed.examples()];
  assertEquals(all.length, mixed.count);
  assertEquals(new Set(all.map(({ question }) => question)).size, 300);
  assertEquals(make(ADDITION, { digits: 4 }).generated!.every, undefined);
});

Deno.test("questions beyond the training have a number with one digit more", () => {
  for (const kind of KINDS) {
    const problem = make(kind, { digits: 2 });
    const beyond = problem.generated!.beyond!(500);
    assertEquals(new Set(beyond.map(problem.generated!.groupOf!)).size, 500);
    for (const { question, answer } of beyond) {
      assertEquals(answer, calculate(question, 10));
      assertEquals(Math.max(...question.split(/[-+*]/).map(({ length }) => length)), 3, question);
    }
    assertEquals(beyond, problem.generated!.beyond!(500));
  }
  const all = make(ADDITION, { digits: 1, base: 2 }).generated!.beyond!(1000);
  assertEquals(all.length, 7); // of the 10 pairs of numbers up to 3, those with a 2 or a 3
});

Deno.test("edge cases have zeros, largest numbers and long carries, none twice", () => {
  for (const kind of KINDS) {
    for (const given of [{}, { digits: 1, base: 2 }, { terms: 5 }, { digits: 9, base: 16 }]) {
      const cases = make(kind, given).generated!.edgeCases();
      assertEquals(new Set(cases.map(({ question }) => question)).size, cases.length);
      assert(cases.length >= 4 && cases.length <= 400, String(cases.length));
    }
  }
  const questions = make(ADDITION, {}).generated!.edgeCases().map(({ question }) => question);
  for (const wanted of ["0+0", "999+0", "999+1", "1+999", "999+999", "111+889", "500+500"]) {
    assert(questions.includes(wanted), wanted);
  }
});

Deno.test("short questions are practised more often, and swapped only where the answer stays", () => {
  const { swapOf, weightOf, keep } = make(ADDITION, {}).generated!.practice!;
  const ask = (question: string): Example => ({ question, answer: "x" });
  assertEquals(swapOf!(ask("1+23")), ask("23+1"));
  assertEquals(swapOf!(ask("7+7")), ask("7+7"));
  const sums = ["0+0", "9+9", "1+23", "23+1", "10+10", "1+234", "999+999"];
  assertEquals(sums.map((sum) => weightOf!(ask(sum))), [20, 20, 4, 4, 1, 1, 1]);
  assertEquals(sums.map((sum) => keep!(ask(sum))), [true, true, ...Array(5).fill(false)]);
  assertEquals(make(SUBTRACTION, {}).generated!.practice!.swapOf, undefined);
  const mixed = make(MIXED, {}).generated!.practice!.swapOf!;
  assertEquals(["1+2", "1-2"].map((text) => mixed(ask(text)).question), ["2+1", "1-2"]);
  const three = make(MULTIPLICATION, { terms: 3 }).generated!.practice!.swapOf!;
  assertEquals(three(ask("1*2*3")), ask("3*2*1"));
});

Deno.test("groupOf() names all forms of a question alike", () => {
  const groupOf = make(MIXED, { terms: 3, operators: "+-*" }).generated!.groupOf!;
  const nameOf = (question: string): string => groupOf({ question, answer: "x" });
  assertEquals(nameOf("10+9+2"), nameOf("2+10+9"));
  assert(nameOf("1+2-3") !== nameOf("2+1-3"));
  assert(nameOf("1+2+3") !== nameOf("1*2*3"));
});
