import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  additionGroup,
  type AdditionOptions,
  countAdditions,
  generateAddition,
  layOutAddition,
  parseAddition,
  resolveAddition,
} from "../../src/problem/addition.ts";
import type { TextLayout } from "../../src/codec/layout.ts";

const small = fc.record({
  digits: fc.integer({ min: 1, max: 9 }),
  examples: fc.integer({ min: 1, max: 55 }),
  sampler: fc.constantFrom("notebook" as const, "uniform" as const),
  seed: fc.integer(),
});

Deno.test("generateAddition() gives correct sums of unique unordered pairs in the notebook's layout", () => {
  fc.assert(fc.property(small, (options) => {
    const groups = new Set<string>();
    for (const { question, answer } of generateAddition(options)) {
      const [a, b] = parseAddition(question).map(Number) as [number, number];
      assertEquals(answer, String(a + b));
      assert(Math.max(a, b) < 10 ** options.digits);
      groups.add(additionGroup(question));
    }
    assertEquals(groups.size, options.examples);
  }));
});

Deno.test("generateAddition() can give every pair", () => {
  for (const [digits, pairs] of [[1, 55], [2, 5050]] as const) {
    for (const sampler of ["notebook", "uniform"] as const) {
      const options = { digits, examples: pairs, sampler };
      const groups = new Set<string>();
      for (const { question } of generateAddition(options)) {
        groups.add(additionGroup(question));
      }
      assertEquals(groups.size, pairs);
    }
  }
});

Deno.test("generateAddition() gives all 500,500 pairs of three digits", () => {
  const groups = new Set<string>();
  for (const { question } of generateAddition({ digits: 3, examples: 500_500 })) {
    groups.add(additionGroup(question));
  }
  assertEquals(groups.size, 500_500);
});

Deno.test("generateAddition() refuses more examples than there are pairs, and names both numbers", () => {
  const error = assertThrows(() => generateAddition({ digits: 2, examples: 5051 }), RangeError);
  assert(error.message.includes("5051") && error.message.includes("5050"), error.message);
});

Deno.test("generateAddition() refuses options out of range before it generates", () => {
  const wrong: AdditionOptions[] = [
    { digits: 0 },
    { digits: 10 },
    { digits: 1.5 },
    { examples: 0 },
    { examples: NaN },
    { seed: 0.5 },
    { digits: 9, examples: 2 ** 24 + 1 },
    { sampler: "other" as "uniform" },
  ];
  for (const options of wrong) assertThrows(() => generateAddition(options), RangeError);
});

Deno.test("generateAddition() gives the same questions for the same seed, and others for another seed", () => {
  const take = (seed: number): string =>
    JSON.stringify([...generateAddition({ examples: 50, seed })]);
  assertEquals(take(3), take(3));
  assert(take(3) !== take(4));
});

/** Gives a text as the model has it. */
function pad(text: string, { length, reverse }: TextLayout): string {
  const padded = text.padEnd(length);
  return reverse ? Array.from(padded).reverse().join("") : padded;
}

/** Values of earlier versions: the first 16 digits of the SHA-256 of "source=target" lines; both samplers, to the last pair and far from it. */
const GOLDEN: {
  readonly options: AdditionOptions;
  readonly reverse?: boolean;
  readonly hash: string;
}[] = [
  { options: { digits: 1, examples: 55 }, hash: "6df612577173671d" },
  { options: { digits: 1, examples: 55, sampler: "uniform" }, hash: "0ede94fd46c8dc2b" },
  { options: { digits: 2, examples: 5050 }, hash: "ab21984e1969cc2e" },
  { options: { digits: 3, examples: 50000 }, hash: "312641b0b2505fdb" },
  { options: { digits: 3, examples: 500500, sampler: "uniform" }, hash: "f2313568f7f20d1d" },
  { options: { digits: 3, examples: 20000, seed: -5 }, reverse: false, hash: "0f6b9b7390cbcb1d" },
  { options: { digits: 4, examples: 100000 }, hash: "76ddd802b54112d1" },
  { options: { digits: 5, examples: 20000, sampler: "uniform" }, hash: "30e9a1e03fb93e2a" },
  { options: { digits: 7, examples: 20000 }, hash: "e9aef63918a48f43" },
  { options: { digits: 9, examples: 20000 }, hash: "82daece1faf956e2" },
  {
    options: { digits: 9, examples: 20000, sampler: "uniform", seed: 3 },
    hash: "ad3980aae97a62e3",
  },
];

Deno.test("generateAddition() gives the same questions from version to version", async () => {
  for (const { options, reverse = true, hash } of GOLDEN) {
    const layout = layOutAddition(resolveAddition(options), reverse);
    let text = "";
    for (const { question, answer } of generateAddition(options)) {
      text += `${pad(question, layout.source)}=${pad(answer, layout.target)}\n`;
    }
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    assertEquals(new Uint8Array(digest).toHex().slice(0, 16), hash, JSON.stringify(options));
  }
});

Deno.test("resolveAddition() chooses all pairs if there are fewer than 50,000", () => {
  assertEquals(resolveAddition({ digits: 2 }).examples, 5050);
  assertEquals(resolveAddition({}).examples, 50_000);
});

Deno.test("countAdditions() counts unordered pairs", () => {
  assertEquals([1, 2, 3, 4].map(countAdditions), [55, 5050, 500_500, 50_005_000]);
});

/** Gives the share of the first drawn pairs that satisfy a condition. */
function share(options: AdditionOptions, holds: (a: number, b: number) => boolean): number {
  let count = 0;
  let held = 0;
  for (const { question } of generateAddition(options)) {
    const [a, b] = parseAddition(question).map(Number);
    count++;
    if (holds(a!, b!)) held++;
  }
  return held / count;
}

Deno.test("the notebook's sampler draws lengths uniformly: a quarter of 50,000 has two 3-digit numbers", () => {
  const both = share({}, (a, b) => a >= 100 && b >= 100);
  assert(both > 0.24 && both < 0.27, String(both));
});

Deno.test("the uniform sampler draws unordered pairs uniformly", () => {
  const equal = share({ digits: 1, examples: 1, sampler: "uniform" }, (a, b) => a === b);
  assert(equal === 0 || equal === 1);
  let doubles = 0;
  const runs = 4000;
  for (let seed = 0; seed < runs; seed++) {
    doubles += share({ digits: 1, examples: 1, sampler: "uniform", seed }, (a, b) => a === b);
  }
  assert(Math.abs(doubles / runs - 10 / 55) < 0.02, String(doubles / runs)); // 0.1 if pairs were ordered
});

/**
 * Drawing from the listed remaining pairs must keep the probabilities of rejection sampling. Of one digit, a double is
 * rarer (1 of 100) than another pair (2 of 100), so it is more often the last pair. With exponential clocks, doubles come
 * last with probability ∫ 10 e^-t (1 - e^-t)^9 (1 - e^-2t)^45 dt = 0.6905.
 */
Deno.test("the notebook's sampler keeps its probabilities when most draws are repeats", () => {
  let doublesLast = 0;
  const runs = 10_000;
  for (let seed = 0; seed < runs; seed++) {
    const last = [...generateAddition({ digits: 1, seed })].at(-1)!;
    const [a, b] = parseAddition(last.question);
    if (a === b) doublesLast++;
  }
  assert(Math.abs(doublesLast / runs - 0.6905) < 0.02, String(doublesLast / runs));
});

Deno.test("parseAddition() refuses a text that is not an addition", () => {
  for (const text of ["", "12", "1+2+3", "a+b", "1 2+3", "-1+2", "1+"]) {
    assertThrows(() => parseAddition(text), SyntaxError, `"${text}"`);
  }
});
