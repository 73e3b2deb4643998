import { assertEquals, assertThrows } from "@std/assert";
import { listRule, nullable, recordRule } from "../../src/arguments/record.ts";
import { checkValue, describeWrong } from "../../src/arguments/resolve_options.ts";
import { integer, optional, type Rule, TEXT } from "../../src/arguments/rule.ts";

interface Cell {
  readonly key: string;
  readonly right: number;
  readonly note?: string;
}

interface Table {
  readonly epoch: number;
  readonly cells: readonly Cell[];
  readonly best: number | null;
}

const CELL: Rule<Cell> = recordRule<Cell>({
  key: TEXT,
  right: integer(0),
  note: optional(TEXT),
});
const TABLE: Rule<Table> = recordRule<Table>({
  epoch: integer(1),
  cells: listRule(CELL, { most: 3 }),
  best: nullable(integer(0)),
}, { others: "ignored" });

const cell = { key: "1+1", right: 2 };
const table = { epoch: 1, cells: [cell], best: null };

Deno.test("a record and its lists are accepted if every part keeps its rule", () => {
  for (
    const right of [
      table,
      { ...table, cells: [], best: 3 },
      { ...table, cells: [cell, { ...cell, note: "x" }], other: 1 },
    ]
  ) assertEquals(TABLE.findFault(right), undefined);
});

Deno.test("an error names the innermost part that is wrong, what it must be, and what it is", () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    [{ ...table, epoch: 0 }, "epoch must be a positive integer, but is 0"],
    [{ cells: [], best: null }, "epoch must be a positive integer, but is missing"],
    [{ ...table, best: -1 }, "best must be null, or 0 or a positive integer, but is -1"],
    [{ ...table, cells: {} }, "cells must be a list of at most 3 values, but is an object"],
    [
      { ...table, cells: [cell, cell, cell, cell] },
      "cells must be a list of at most 3 values, but is an array",
    ],
    [{ ...table, cells: [cell, { ...cell, key: 3 }] }, "cells[1].key must be a string, but is 3"],
    [{ ...table, cells: [null] }, "cells[0] must be an object with the fields key, right, note"],
    [{ ...table, cells: [{ ...cell, Key: 3 }] }, 'cells[0] has the unknown key "Key"; did'],
  ];
  for (const [value, message] of wrong) {
    assertEquals(describeWrong("it", value, TABLE).slice(3, 3 + message.length), message);
  }
});

Deno.test("a wrong type is a TypeError and a wrong value a RangeError, in every part", () => {
  const check = (cells: unknown): void =>
    checkValue("read", "the table", { ...table, cells }, TABLE);
  assertThrows(
    () => check([{ ...cell, right: "2" }]),
    TypeError,
    "cells[0].right of the table must",
  );
  assertThrows(
    () => check([{ ...cell, right: -2 }]),
    RangeError,
    "cells[0].right of the table must",
  );
});

Deno.test("fields that every object has from its prototype are not fields of a record", () => {
  const rule = recordRule({ constructor: TEXT, toString: TEXT });
  assertEquals(rule.findFault({}), "type");
  assertEquals(
    describeWrong("it", JSON.parse('{"__proto__":1,"key":"","right":1}'), CELL),
    'it has the unknown key "__proto__"',
  );
});
