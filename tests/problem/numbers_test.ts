import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { NUMBERS } from "../../src/problem/numbers.ts";
import { readWords, writeWords } from "../../src/problem/numbers/words.ts";
import type { Problem } from "../../src/problem/problem.ts";

function make(given: Record<string, unknown> = {}): Problem {
  const settings = NUMBERS.resolve(given);
  return NUMBERS.create(settings, NUMBERS.layOut!(settings, true));
}

function take<T>(values: Iterable<T>, count: number): T[] {
  return Iterator.from(values).take(count).toArray();
}

Deno.test("writeWords() writes numbers as in British English", () => {
  const words: readonly (readonly [number, string])[] = [
    [0, "zero"],
    [7, "seven"],
    [13, "thirteen"],
    [20, "twenty"],
    [41, "forty-one"],
    [100, "one hundred"],
    [407, "four hundred and seven"],
    [999, "nine hundred and ninety-nine"],
    [1000, "one thousand"],
    [1005, "one thousand and five"],
    [1100, "one thousand one hundred"],
    [20_015, "twenty thousand and fifteen"],
    [100_000, "one hundred thousand"],
    [
      777_777,
      "seven hundred and seventy-seven thousand seven hundred and seventy-seven",
    ],
  ];
  for (const [number, text] of words) assertEquals(writeWords(number), text);
});

Deno.test("readWords() reads what writeWords() writes, for every number up to 999,999", () => {
  for (let number = 0; number < 1_000_000; number++) {
    if (readWords(writeWords(number)) !== number) {
      assertEquals(readWords(writeWords(number)), number);
    }
  }
});

Deno.test("numbers of every length are made, none twice, and are read back unchanged with the right answer", () => {
  for (const digits of [1, 2, 3, 4, 5, 6]) {
    const problem = make({ digits });
    const { source, target } = NUMBERS.layOut!(NUMBERS.resolve({ digits }), true);
    const seen = new Set<string>();
    let longest = 0;
    for (
      const { question, answer } of [
        ...problem.generated!.examples(),
        ...problem.generated!.edgeCases(),
      ]
    ) {
      seen.add(question);
      longest = Math.max(longest, question.length);
      assertEquals(problem.readQuestion(question), { question });
      assertEquals(problem.answer!(question), answer);
      assertEquals(question, writeWords(Number(answer)));
      assert(question.length <= source.length && answer.length <= target.length);
      assert(Array.from(question).every((symbol) => source.symbols.includes(symbol)), question);
    }
    assertEquals(longest, source.length); // all are asked, or the edge cases have the longest
    assert(seen.size >= problem.generated!.count);
  }
});

Deno.test("all numbers can be made, and no more", () => {
  const problem = make({ digits: 4 });
  assertEquals(problem.generated!.count, 10_000);
  const seen = new Set(Array.from(problem.generated!.examples(), ({ answer }) => answer));
  assertEquals(seen.size, 10_000);
  const { every } = problem.generated!;
  assertEquals(Array.from(every!.examples(), ({ answer }) => answer)[9999], "9999");
  assertThrows(
    () => NUMBERS.resolve({ digits: 2, examples: 101 }),
    RangeError,
    "there are only 100 of up to 2 digits, but examples is 101",
  );
  for (
    const given of [{ digits: 0 }, { digits: 7 }, { examples: 0 }, { digit: 3 }, { seed: 0.5 }]
  ) {
    assertThrows(() => NUMBERS.resolve(given), Error);
  }
  const settings = NUMBERS.resolve({ digits: 3, seed: 5 });
  assertEquals(NUMBERS.resolve({ ...settings }), settings);
});

Deno.test("readQuestion() writes numbers in its own way, and says so", () => {
  const { readQuestion } = make();
  const typed: readonly (readonly [string, string])[] = [
    ["Four Hundred and Seven", "four hundred and seven"],
    ["four hundred seven", "four hundred and seven"],
    ["twenty one", "twenty-one"],
    ["a hundred", "one hundred"],
    ["a thousand and five", "one thousand and five"],
    ["one thousand, two hundred", "one thousand two hundred"],
  ];
  for (const [text, question] of typed) {
    assertEquals(readQuestion(text), { question, note: `Read "${text}" as "${question}"` });
  }
  assertEquals(readQuestion(" four  hundred\tand seven "), { question: "four hundred and seven" });
});

Deno.test("readQuestion() refuses what is no number in words, or is too large", () => {
  const { readQuestion } = make({ digits: 3 });
  const awkward = [
    ...["", "and", "407", "hundred", "seven four", "twenty twelve", "twenty zero", "zero one"],
    ...[
      "hundred and seven",
      "one hundred hundred",
      "thousand",
      "one million",
      "minus one",
      "-",
      "🙂",
    ],
    ...["twelve hundred", "one thousand thousand", "constructor", "seven\u0000"],
  ];
  for (const text of awkward) {
    assertThrows(
      () => readQuestion(text),
      SyntaxError,
      "a number of up to 3 digits in words",
      text,
    );
  }
  assertThrows(
    () => readQuestion("one thousand"),
    RangeError,
    "the number must have up to 3 digits, but 1000 has 4",
  );
  for (const text of ["seven ".repeat(50_000), "-".repeat(200_000)]) {
    assert(assertThrows(() => readQuestion(text), SyntaxError).message.length < 300);
  }
  const words = fc.constantFrom(...[
    "one",
    "ten",
    "forty",
    "hundred",
    "thousand",
    "and",
    "a",
    "-",
    "zero",
  ]);
  fc.assert(fc.property(fc.array(words, { maxLength: 8 }), (parts) => {
    const number = readWords(parts.join(" "));
    if (number !== undefined) assertEquals(readWords(writeWords(number)), number);
  }));
});

Deno.test("numbers are the same for the same seed, and others for another seed or epoch", () => {
  const text = (seed: number): string =>
    JSON.stringify([...make({ seed, examples: 20 }).generated!.examples()]);
  assertEquals(text(1), text(1));
  assert(text(1) !== text(2));
  const fresh = (epoch: number): string =>
    JSON.stringify(take(make().generated!.stream(epoch), 20));
  assertEquals(fresh(1), fresh(1));
  assert(fresh(1) !== fresh(2));
});
