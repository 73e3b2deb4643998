import { assert, assertEquals, assertThrows } from "@std/assert";
import type { RecordRule } from "../../src/arguments/record.ts";
import type { Rule } from "../../src/arguments/rule.ts";
import { parseEvent } from "../../src/checkpoint/parse_event.ts";
import { EVENT_RULES } from "../../src/checkpoint/run_events.ts";
import { canUseFiles } from "../permissions.ts";
import { EVENTS } from "../reliability/saved_examples.ts";

const README = new URL("../../src/checkpoint/README.md", import.meta.url);

const KINDS = Object.keys(EVENT_RULES) as (keyof typeof EVENT_RULES)[];

function fieldsOf(kind: string): Readonly<Record<string, Rule<unknown>>> {
  const rule: RecordRule<object> = EVENT_RULES[kind as "start"];
  return rule.fields as Readonly<Record<string, Rule<unknown>>>;
}

Deno.test("there is an example of every kind of event, with every field, and it is read as it is", () => {
  assertEquals(new Set(EVENTS.map(({ event }) => event)), new Set(KINDS));
  for (const event of EVENTS) {
    assertEquals(
      Object.keys(event).toSorted(),
      Object.keys(fieldsOf(event.event as string)).toSorted(),
    );
    assertEquals<unknown>(parseEvent(JSON.stringify(event)), event);
    assertEquals<unknown>(parseEvent(JSON.stringify({ ...event, later: [1] })), {
      ...event,
      later: [1],
    });
  }
});

Deno.test("an event that lacks a field, or has one of a wrong type, is refused with the name of the field", () => {
  for (const event of EVENTS) {
    for (const name of Object.keys(event)) {
      if (name === "event") continue;
      for (const wrong of [undefined, () => {}, true, { a: 1 }, -1.5]) {
        const field = fieldsOf(event.event as string)[name]!;
        const isWrong = field.findFault(wrong) !== undefined;
        const line = JSON.stringify({ ...event, [name]: wrong });
        if (typeof wrong === "function" || !isWrong || (name === "runId" && wrong === undefined)) {
          continue;
        }
        assertThrows(() => parseEvent(line), SyntaxError, name, line);
      }
    }
  }
});

/** Reads the table of events in its README: the text of the fields of every event. */
async function readDocumented(): Promise<Map<string, string>> {
  const text = await Deno.readTextFile(README);
  const section = text.slice(text.indexOf("\n### Events"));
  const documented = new Map<string, string>();
  let kind = "";
  for (const line of section.slice(0, section.indexOf("\n## ")).split("\n")) {
    const [, event = "", fields = ""] = line.split("|").map((cell) => cell.trim());
    if (/^`\w+`$/.test(event)) kind = event.slice(1, -1);
    if (line.startsWith("|") && kind !== "") {
      documented.set(kind, `${documented.get(kind) ?? ""} ${fields}`);
    }
    if (line === "" && kind !== "") break;
  }
  return documented;
}

Deno.test({
  name: "the README of runs documents every field of every event, and no other",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const documented = await readDocumented();
    documented.delete("page"); // it is printed, but not logged
    assertEquals([...documented.keys()].toSorted(), KINDS.toSorted());
    for (const [kind, text] of documented) {
      const found = text.match(/`[^`]+`/g)!.map((quoted) => quoted.slice(1, -1));
      const names = new Set(found.map((name) => name.split(".")[0]!).filter((name) => name !== ""));
      const fields = Object.keys(fieldsOf(kind)).filter((name) => name !== "event");
      assertEquals([...names].toSorted(), fields.toSorted(), kind);
    }
    const backend = (fieldsOf("start").backend as RecordRule<object>).fields;
    for (const name of Object.keys(backend)) {
      assert(documented.get("start")!.includes(`.${name}\``), `backend.${name}`);
    }
  },
});
