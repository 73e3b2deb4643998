import { assertEquals } from "@std/assert";
import { showSymbol } from "../../src/codec/show_symbol.ts";
import { nameSymbol } from "../../src/dashboard/page/format.ts";

Deno.test("showSymbol() makes visible what cannot be seen, and leaves the rest", () => {
  const shown = ["", " ", "\t", "\n", "\tV", "\u0301", "a", "ts"].map(showSymbol);
  assertEquals(shown, ["∅", "␣", "⇥", "⏎", "V", "◌\u0301", "a", "ts"]);
});

Deno.test("a symbol may be a word that every object has", () => {
  const words = ["constructor", "toString", "__proto__", "hasOwnProperty"];
  assertEquals(words.map(showSymbol), words);
  assertEquals(words.map(nameSymbol), words.map((word) => `“${word}”`));
});
