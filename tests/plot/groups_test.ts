import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { drawGroups } from "../../plot.ts";

const CELL = { key: "0", examples: 50, right: 40, exactMatch: 0.8, isSmall: false };
const WITH_INTERVAL = { ...CELL, low: 0.67, high: 0.89 };

function draw(keys: readonly string[]): string {
  const cells = keys.map((key) => ({ ...WITH_INTERVAL, key }));
  return drawGroups({ examples: 100, exactMatch: 0.8, groups: [{ name: "a", title: "A", cells }] });
}

Deno.test("drawGroups() draws a row with its share for each group", () => {
  const svg = draw(["one", "two", "three"]);
  assertEquals(svg.match(/>80\.00 %</g)!.length, 3);
  for (const key of ["one", "two", "three"]) assertStringIncludes(svg, `>${key}<`);
});

Deno.test("drawGroups() leaves out a grouping with one group", () => {
  assertEquals(draw(["one"]).includes(">one<"), false);
});

Deno.test("drawGroups() draws the first 40 groups, and says how many there are more", () => {
  const svg = draw(Array.from({ length: 45 }, (_, i) => `group ${i}`));
  assertEquals(svg.match(/>80\.00 %</g)!.length, 40);
  assertStringIncludes(svg, ">and 5 more<");
});

Deno.test("drawGroups() draws a group without examples as a dash", () => {
  const empty = { ...WITH_INTERVAL, key: "none", examples: 0, right: 0, exactMatch: null };
  const groups = [{ name: "a", title: "A", cells: [WITH_INTERVAL, empty] }];
  assertStringIncludes(drawGroups({ examples: 50, exactMatch: 0.8, groups }), ">–<");
});

Deno.test("drawGroups() shows texts of others as texts", () => {
  const svg = draw(["<script>", "\u202eabc"]);
  assertMatch(svg, />…?[^<]*&gt;</);
  assertEquals(/<script|\u202e/.test(svg), false);
});
