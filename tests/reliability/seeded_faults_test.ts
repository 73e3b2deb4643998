import { assertEquals, assertThrows } from "@std/assert";
import { canUseFiles } from "../permissions.ts";
import { applyChanges, type Change, findPoints, pointsOf, readSources } from "./fault_points.ts";
import { SEEDED_FAULTS } from "./seeded_faults.ts";

const SRC = new URL("../../src", import.meta.url).pathname;

/** A file with three statements that are fault points. */
const SOURCES = new Map([[
  "a.ts",
  [
    "if (ready) {",
    "  open(); // fault point: opening",
    "  read(1); // all of it; fault point: reading",
    "  close(); // fault point: closing",
    "}",
  ].join("\n"),
]]);

function change(...changes: Change[]): string[] {
  const lines = applyChanges(SOURCES, changes).get("a.ts")!.split("\n");
  return lines.map((line) => line.split(" //")[0]!.trim());
}

Deno.test({
  name: "the fault points of our code are those of the seeded faults, each once",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const found = findPoints(await readSources(SRC)).map(({ name }) => name);
    const used = new Set(SEEDED_FAULTS.flatMap(({ changes }) => changes.flatMap(pointsOf)));
    assertEquals(found.toSorted(), [...used].toSorted());
  },
});

Deno.test({
  name: "every seeded fault changes our code",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const sources = await readSources(SRC);
    for (const { name, changes } of SEEDED_FAULTS) {
      const changed = [...applyChanges(sources, changes)];
      assertEquals(changed.length, 1, name);
      for (const [file, text] of changed) {
        const code = (source: string): string => source.replaceAll(/ \/\/.*$/gm, "");
        assertEquals(code(text) === code(sources.get(file)!), false, name);
      }
    }
  },
});

Deno.test("every comment about a fault point in our code is read as one", {
  ignore: !canUseFiles,
}, async () => {
  const sources = await readSources(SRC);
  const mentions = [...sources.values()].flatMap((text) => text.match(/fault point/g) ?? []);
  assertEquals(mentions.length, findPoints(sources).length);
});

Deno.test("applyChanges() drops, moves, replaces and edits the lines of fault points", () => {
  assertEquals(change({ drop: "reading" }), ["if (ready) {", "open();", "", "close();", "}"]);
  assertEquals(change({ move: "opening", after: "reading" }).slice(1, 3), ["read(1);", "open();"]);
  assertEquals(change({ move: "closing", before: "opening" }).slice(1, 3), ["close();", "open();"]);
  assertEquals(change({ replace: "opening", by: "wait();" })[1], "wait();");
  assertEquals(
    change({ edit: "reading", from: "1", to: "2" }, { drop: "closing" }).slice(2, 4),
    ["read(2);", ""],
  );
});

Deno.test("applyChanges() refuses a point that is missing or comes twice, and code that does not fit", () => {
  const refuse = (sources: ReadonlyMap<string, string>, change: Change, message: string): void => {
    assertThrows(() => applyChanges(sources, [change]), Error, message);
  };
  refuse(SOURCES, { drop: "writing" }, "must come once in the code, but comes 0 times");
  const twice = new Map([...SOURCES, ["b.ts", "open(); // fault point: opening"]]);
  refuse(twice, { drop: "opening" }, "comes 2 times");
  refuse(SOURCES, { edit: "reading", from: "3", to: "4" }, 'its line must have "3" once');
  const part = new Map([["c.ts", "open( // fault point: opening\n  1,\n);"]]);
  refuse(part, { drop: "opening" }, 'its line must be a whole statement, but is "open("');
});
