import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { integer, numberRule } from "../../src/arguments/rule.ts";
import {
  choiceSetting,
  describeSetting,
  flagOf,
  nullableSetting,
  numberSetting,
  resolveSettings,
  type Setting,
  type SettingTable,
  shareSetting,
  switchSetting,
  textSetting,
} from "../../src/arguments/setting.ts";

interface Shape {
  readonly size: number;
  readonly colour: "red" | "green";
  readonly isRound: boolean;
  readonly name?: string;
  readonly hole: number | null;
}

const SHAPE: SettingTable<Shape> = {
  size: numberSetting(integer(1, 9), { title: "Size", help: "size in metres", default: 3 }),
  colour: choiceSetting(["red", "green"], { title: "Colour", help: "its colour", default: "red" }),
  isRound: switchSetting({ title: "Round", help: "whether it is round", default: true }),
  name: textSetting({ title: "Name", help: "its name", defaultHelp: "none", optional: true }),
  hole: nullableSetting(
    shareSetting(numberRule("from 0 to 1", (share) => share >= 0 && share <= 1), {
      title: "Hole",
      help: "share of the hole",
    }),
    { default: null, word: "never" },
  ),
};

Deno.test("settings get their defaults, and those that are given are checked by their rules", () => {
  const resolve = (given: unknown): Shape =>
    resolveSettings(given, { action: "draw", settings: SHAPE });
  assertEquals(resolve({}), { size: 3, colour: "red", isRound: true, hole: null });
  assertEquals(resolve({ hole: 0.5, name: "x" }).hole, 0.5);
  assertThrows(
    () => resolve({ size: 10 }),
    RangeError,
    "Cannot draw: size must be an integer from 1 to 9, but is 10",
  );
  assertThrows(() => resolve({ hole: "0" }), TypeError, "hole must be null, or from 0 to 1");
  assertThrows(() => resolve({ colors: 1 }), TypeError, 'did you mean "colour"?');
});

Deno.test("a setting without a default must be given unless it is optional", () => {
  const { default: _, ...size } = SHAPE.size;
  const settings = { ...SHAPE, size };
  assertThrows(
    () => resolveSettings<Shape>({}, { action: "draw", settings }),
    TypeError,
    "Cannot draw: size must be an integer from 1 to 9, but is undefined",
  );
});

Deno.test("a typed value is read, and an error says what it must be and what it is", () => {
  assertEquals(SHAPE.size.read("1e3"), 1000);
  assertEquals(SHAPE.isRound.read("off"), false);
  assertEquals([SHAPE.hole.read("10 %"), SHAPE.hole.read(".1")], [0.1, 0.1]);
  assertEquals(SHAPE.hole.read("never"), null);
  const refuse = (setting: Setting<never>, text: string, message: string): void => {
    assertThrows(() => setting.read(text), SyntaxError, message);
  };
  for (const text of ["", "x", "0x10", "Infinity", "1_000", " 1", "1%"]) {
    refuse(SHAPE.size as Setting<never>, text, `it must be a number, but is "${text}"`);
  }
  refuse(SHAPE.colour as Setting<never>, "blue", 'it must be one of red, green, but is "blue"');
  refuse(SHAPE.isRound as Setting<never>, "yes", 'it must be one of on, off, but is "yes"');
});

Deno.test("what a setting writes, it reads", () => {
  const holds = <T>(setting: Setting<T>, values: fc.Arbitrary<T>): void =>
    fc.assert(fc.property(values, (value) => {
      assertEquals(setting.read(setting.write(value)), value);
    }));
  holds(SHAPE.size, fc.double({ noNaN: true, noDefaultInfinity: true }));
  holds(SHAPE.colour, fc.constantFrom("red", "green"));
  holds(SHAPE.isRound, fc.boolean());
  holds(SHAPE.name, fc.string());
  holds(SHAPE.hole, fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })));
});

Deno.test("help gives the default as it is typed, or in words", () => {
  assertEquals(describeSetting(SHAPE.size), "size in metres (default 3)");
  assertEquals(describeSetting(SHAPE.isRound), "whether it is round (default on)");
  assertEquals(describeSetting(SHAPE.name), "its name (default none)");
  assertEquals(describeSetting(SHAPE.hole), "share of the hole (default never)");
});

Deno.test("the option of a setting is its name with dashes, unless it has another one", () => {
  assertEquals(flagOf("hiddenSize"), "hidden-size");
  assertEquals(flagOf("beta1"), "beta1");
  assertEquals(flagOf("isRound", { flag: "round" }), "round");
});
