import { assertEquals } from "@std/assert";
import { takeReason } from "../../src/arguments/take_reason.ts";

Deno.test("takeReason() leaves out what could not be done, also if it quotes a text or names a line", () => {
  for (
    const [message, reason] of [
      ["Cannot train: epochs must be 1", "epochs must be 1"],
      ['Cannot encode "a: \\"b": it is long: 7', "it is long: 7"],
      ["Cannot read a.tsv:12: it has 1 column", "it has 1 column"],
      ['Cannot read it: "Cannot read"', '"Cannot read"'],
      ["the file is empty: 0 bytes", "the file is empty: 0 bytes"],
      ["Cannot go on", "Cannot go on"],
    ]
  ) assertEquals(takeReason(new Error(message)), reason);
});
