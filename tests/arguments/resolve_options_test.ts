import { assert, assertEquals, assertThrows } from "@std/assert";
import { resolveOptions, type Rules } from "../../src/arguments/resolve_options.ts";
import {
  BOOLEAN,
  choice,
  describeFound,
  float32,
  instanceOf,
  integer,
  optional,
  type Rule,
} from "../../src/arguments/rule.ts";

interface Options {
  readonly size?: number;
  readonly kind?: "small" | "large";
  readonly exact?: boolean;
  readonly order?: Uint32Array;
}

const RULES: Rules<Options> = {
  size: integer(1, 9),
  kind: choice(["small", "large"]),
  exact: BOOLEAN,
  order: optional(instanceOf(Uint32Array, (order) => order.slice())),
};
const table = { action: "sort", rules: RULES, defaults: { size: 3, kind: "small", exact: false } };

function resolve(options: unknown): Record<string, unknown> {
  return resolveOptions<Options, object>(options, table);
}

Deno.test("resolveOptions() fills in defaults, also for undefined options", () => {
  const defaults = { size: 3, kind: "small", exact: false };
  assertEquals(resolve({}), defaults);
  assertEquals(resolve({ size: undefined, order: undefined }), defaults);
  assertEquals(resolve({ size: 9, exact: true }), { size: 9, kind: "small", exact: true });
});

Deno.test("resolveOptions() suggests the nearest option for an unknown one", () => {
  assertThrows(() => resolve({ sise: 2 }), TypeError, 'no option "sise"; did you mean "size"?');
  assertThrows(() => resolve({ colour: 2 }), TypeError, "the options are size, kind, exact, order");
  const own = JSON.parse('{"__proto__": 1}');
  assertThrows(() => resolve(own), TypeError, 'no option "__proto__"');
  assertThrows(() => resolve({ toString: 1 }), TypeError, 'no option "toString"');
});

Deno.test("resolveOptions() names some of very many options for an unknown one", () => {
  const rules = Object.fromEntries(Array.from({ length: 36 }, (_, i) => [`option${i}`, BOOLEAN]));
  assertThrows(
    () => resolveOptions({ x: 1 }, { action: "sort", rules, defaults: {} }),
    TypeError,
    'Cannot sort: there is no option "x"; there are 36 options, such as option0, option1, ',
  );
});

Deno.test("resolveOptions() refuses wrong types and values, and quotes the value that was found", () => {
  const wrong: [unknown, typeof Error, string][] = [
    [null, TypeError, "the options must be an object, but are null"],
    [[], TypeError, "the options must be an object, but are an empty array"],
    ["size", TypeError, 'the options must be an object, but are "size"'],
    [{ size: "3" }, TypeError, 'size must be an integer from 1 to 9, but is "3"'],
    [{ size: null }, TypeError, "but is null"],
    [{ size: 3n }, TypeError, "but is 3n"],
    [{ size: NaN }, RangeError, "but is NaN"],
    [{ size: 1.5 }, RangeError, "but is 1.5"],
    [{ size: 0 }, RangeError, "but is 0"],
    [{ size: 1e9 }, RangeError, "but is 1000000000"],
    [{ kind: "medium" }, RangeError, 'kind must be one of small, large, but is "medium"'],
    [{ kind: 1 }, TypeError, "but is 1"],
    [{ exact: 1 }, TypeError, "exact must be true or false, but is 1"],
    [{ order: [1, 2] }, TypeError, "order must be a Uint32Array, but is an array"],
  ];
  for (const [options, ErrorClass, words] of wrong) {
    assertThrows(() => resolve(options), ErrorClass, words);
  }
});

Deno.test("resolveOptions() copies values that the caller can change", () => {
  const order = Uint32Array.of(1, 2);
  const options = { size: 2, order };
  const resolved = resolve(options);
  order[0] = 9;
  options.size = 5;
  assertEquals(resolved, { size: 2, kind: "small", exact: false, order: Uint32Array.of(1, 2) });
});

Deno.test("resolveOptions() requires an option that has no default", () => {
  const without = { action: "sort", rules: RULES, defaults: { kind: "small", exact: false } };
  assertThrows(
    () => resolveOptions<Options, object>({}, without),
    TypeError,
    "size must be an integer from 1 to 9, but is undefined",
  );
});

Deno.test("float32() checks a number after its conversion to float32", () => {
  const faultOf = (rule: Rule<number>, value: number): string | undefined => rule.findFault(value);
  for (const value of [1e-50, 1e-40, 0, -1, 1e39, Infinity, NaN]) {
    assertEquals(faultOf(float32({}), value), "value", `${value}`);
  }
  for (const value of [1e-37, 1, 3e38]) assertEquals(faultOf(float32({}), value), undefined);
  assertEquals(faultOf(float32({ zero: true }), 0), undefined);
  assertEquals(faultOf(float32({ zero: true }), 1e-50), "value");
  assert(0.99999999 < 1 && Math.fround(0.99999999) === 1);
  assertEquals(faultOf(float32({ zero: true, below: 1 }), 0.99999999), "value");
  assertEquals(faultOf(float32({ zero: true, below: 1 }), 0.999), undefined);
});

Deno.test("describeFound() gives a short text on one line", () => {
  assertEquals(describeFound("a\nb\u001b[31m"), '"a\\nb\\u001b[31m"');
  assert(describeFound("x".repeat(1e6)).length < 100);
  assertEquals(describeFound({}), "an object");
  assertEquals(describeFound(Object.create(null)), "an object");
  assertEquals(describeFound(new Uint8Array(1)), "a Uint8Array");
  assertEquals(describeFound(() => 1), "a function");
  assertEquals(describeFound(Symbol("s")), "Symbol(s)");
  assertEquals(describeFound(-0), "-0");
});
