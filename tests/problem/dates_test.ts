import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DATES } from "../../src/problem/dates.ts";
import { dayAt, DAYS, writeIso } from "../../src/problem/dates/calendar.ts";
import { FORMAT_LIST } from "../../src/problem/dates/formats.ts";
import type { Problem } from "../../src/problem/problem.ts";

function make(given: Record<string, unknown> = {}): Problem {
  const settings = DATES.resolve(given);
  return DATES.create(settings, DATES.layOut!(settings, true));
}

const { readQuestion, answer, groupings, generated } = make();

function take<T>(values: Iterable<T>, count: number): T[] {
  return Iterator.from(values).take(count).toArray();
}

Deno.test("dates are made in every format, none twice, and are read back unchanged with the right answer", () => {
  const { source, target } = DATES.layOut!(DATES.resolve({}), true);
  const questions = new Set<string>();
  const names = new Set<string>();
  for (const example of generated!.examples()) {
    const { question } = example;
    questions.add(question);
    names.add(groupings[0]!.keyOf(example));
    assertEquals(readQuestion(question), { question });
    assertEquals(answer!(question), example.answer);
    assert(question.length <= source.length && example.answer.length === target.length);
    assert(Array.from(question).every((symbol) => source.symbols.includes(symbol)), question);
    assert(Array.from(example.answer).every((symbol) => target.symbols.includes(symbol)));
  }
  assertEquals(questions.size, generated!.count);
  assertEquals(names, new Set(FORMAT_LIST.map(({ name }) => name)));
});

Deno.test("a day in every format is answered by the same ISO date", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: DAYS - 1 }), (number) => {
    const day = dayAt(number);
    assertEquals(writeIso(day), new Date(Date.UTC(1930, 0, 1 + number)).toISOString().slice(0, 10));
    for (const { write } of FORMAT_LIST) assertEquals(answer!(write(day)), writeIso(day));
  }));
});

Deno.test("the formats are those that the documentation shows", () => {
  assertEquals(FORMAT_LIST.map(({ name }) => name), [
    ...["3 March 2021", "March 3, 2021", "3 Mar 2021", "Mar 3, 2021", "Wed 3 Mar 2021"],
    ...["3rd March 2021", "3-Mar-21", "03/03/2021", "03/03/21", "3.3.2021", "2021/03/03"],
    "2021-03-03",
  ]);
  const [, , , , , ordinal] = FORMAT_LIST;
  const endings = Array.from(
    { length: 31 },
    (_, i) => ordinal!.write({ year: 2020, month: 1, day: i + 1 }),
  );
  assertEquals(
    endings.map((text) => text.slice(0, -" January 2020".length)).join(" "),
    [
      "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th 17th 18th 19th 20th",
      "21st 22nd 23rd 24th 25th 26th 27th 28th 29th 30th 31st",
    ].join(" "),
  );
});

Deno.test("every date in every format can be made", () => {
  const { every } = generated!;
  const seen = new Set<string>();
  for (const { question } of every!.examples()) seen.add(question);
  assertEquals(seen.size, every!.count);
  const most = make({ examples: every!.count }).generated!.examples();
  let made = 0;
  for (const _ of most) made++;
  assertEquals(made, every!.count);
  assertThrows(
    () => DATES.resolve({ examples: every!.count + 1 }),
    RangeError,
    `examples must be an integer from 1 to ${every!.count}`,
  );
});

Deno.test("in numbers the day comes first, and two digits are a year from 1930 to 2029", () => {
  assertEquals(answer!("03/04/21"), "2021-04-03");
  assertEquals(answer!("01/12/29"), "2029-12-01");
  assertEquals(answer!("01/12/30"), "1930-12-01");
  assertEquals(answer!("3.4.2021"), "2021-04-03");
});

Deno.test("readQuestion() writes what people type in the nearest format, and says so", () => {
  const typed: readonly (readonly [string, string])[] = [
    ["3 march 2021", "3 March 2021"],
    ["MARCH 3 2021", "March 3, 2021"],
    ["march 3rd, 21", "3rd March 2021"],
    ["3/4/21", "03/04/21"],
    ["3/4/2021", "03/04/2021"],
    ["03.04.21", "3.4.2021"],
    ["2021-3-4", "2021-03-04"],
    ["2021/3/4", "2021/03/04"],
    ["Wednesday, 3 March 2021", "Wed 3 Mar 2021"],
    ["wed. March 3, 2021", "Wed 3 Mar 2021"],
    ["3rd of Sept 2021", "3rd September 2021"],
    ["3 sept 2021", "3 September 2021"],
    ["3-mar-2021", "3-Mar-21"],
    ["3 May 21", "3 May 2021"],
    ["03 Mar 2021", "3 Mar 2021"],
  ];
  for (const [text, question] of typed) {
    assertEquals(readQuestion(text), { question, note: `Read "${text}" as "${question}"` });
  }
  assertEquals(readQuestion("  3   March\n2021 "), { question: "3 March 2021" });
});

Deno.test("readQuestion() refuses days that there are not, and says why", () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["31 April 2021", "April 2021 has 30 days, but the day is 31"],
    ["29/02/2021", "February 2021 has 28 days"],
    ["0 March 2021", "but the day is 0"],
    ["03/13/21", "the month must be from 1 to 12, but is 13; the day comes first"],
    ["2021-00-01", "but is 0"],
    ["3 March 1929", "the year must be from 1930 to 2029, but is 1929"],
    ["3.3.2030", "but is 2030"],
    ["Thu 3 Mar 2021", "the day of the week must be Wed, but is thu"],
    ["foo 3 Mar 2021", '"foo" is no day of the week'],
  ];
  for (const [text, message] of wrong) {
    assertThrows(() => readQuestion(text), RangeError, message);
  }
});

Deno.test("readQuestion() refuses what is no date, and says what a date is", () => {
  const awkward = [
    ...[
      "",
      " ",
      "today",
      "3",
      "March",
      "3 March",
      "March 2021",
      "3 Xyz 2021",
      "3 M 2021",
      "3/3",
      "3//21",
    ],
    ...[
      "2021",
      "20210303",
      "3-3-21",
      "3 March 20211",
      "1e3 March 2021",
      "٣ March 2021",
      "3\u0000March 2021",
    ],
    ...[
      "3 March 2021 3 March 2021",
      "3 constructor 2021",
      "3/3.21",
      "-3 March 2021",
      "🙂",
      "\ud800",
    ],
  ];
  for (const text of awkward) {
    assertThrows(() => readQuestion(text), SyntaxError, "must be a date from 1930 to 2029", text);
  }
  for (
    const text of ["3".repeat(200_000), `3 March${" ".repeat(200_000)}x`, "a ".repeat(100_000)]
  ) {
    const start = performance.now();
    assert(assertThrows(() => readQuestion(text), SyntaxError).message.length < 300);
    assert(performance.now() - start < 500);
  }
  assertThrows(() => readQuestion(5 as unknown as string), TypeError, "must be a string");
});

Deno.test("edge cases of dates are every format of leap days, ends of ranges and days that look like months", () => {
  const cases = generated!.edgeCases();
  assertEquals(new Set(cases.map(({ question }) => question)).size, cases.length);
  for (const { question, answer: right } of cases) assertEquals(answer!(question), right);
  assert(cases.some(({ answer: right }) => right === "2000-02-29"));
});

Deno.test("dates are the same for the same seed, and others for another seed or epoch", () => {
  const text = (seed: number): string =>
    JSON.stringify([...make({ seed, examples: 20 }).generated!.examples()]);
  assertEquals(text(1), text(1));
  assert(text(1) !== text(2));
  const fresh = (epoch: number): string => JSON.stringify(take(generated!.stream(epoch), 20));
  assertEquals(fresh(1), fresh(1));
  assert(fresh(1) !== fresh(2));
});
