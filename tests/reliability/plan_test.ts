import { assertEquals, assertMatch } from "@std/assert";
import { planParts } from "../../bench/reliability_plan.ts";
import { createRows } from "../../bench/reliability_pool.ts";
import { describeRows } from "../../bench/reliability_table.ts";
import { joinOutcomes } from "./check.ts";
import type { NamedCheck } from "./checks.ts";

function makeCheck(name: string, full: number, more: Partial<NamedCheck> = {}): NamedCheck {
  const run = (trials: number) => Promise.resolve({ trials, failures: [] });
  return { name, title: name, run, trials: { test: 0, task: 0, full }, ...more };
}

const MANY = makeCheck("many", 250, { partTrials: 100 });
const CHECKS = [MANY, makeCheck("one", 7), makeCheck("timed", 5, { alone: true })];

Deno.test("planParts() divides checks, and puts those that run alone first", () => {
  const parts = planParts(CHECKS, "full").map(({ check, trials, part }) => [
    check.name,
    trials,
    part,
  ]);
  assertEquals(parts, [
    ["timed", 5, 0],
    ["one", 7, 0],
    ["many", 100, 0],
    ["many", 100, 1],
    ["many", 50, 2],
  ]);
  assertEquals(planParts(CHECKS, "task"), []);
});

Deno.test("the table shows how many trials were made, and which checks were not run", () => {
  const rows = createRows(CHECKS, planParts(CHECKS, "full"));
  const failed = { trials: 100, failures: ["trial 3: lost"], peaks: { ms: 4 }, sums: { disks: 2 } };
  const held = { trials: 50, failures: [], peaks: { ms: 3 }, sums: { disks: 5 } };
  Object.assign(rows[0]!, { outcome: held, partsDone: 1, seconds: 12 });
  assertMatch(describeRows(rows, []), /\| many \| 50 of 250 \| held \| 12 s \| 5 disks; ms: 3 \|/);
  Object.assign(rows[0]!, { outcome: joinOutcomes(failed, held), partsDone: 3 });
  const table = describeRows(rows, ["mounts"]);
  assertMatch(table, /\| many \| 150 \| FAILED \| 12 s \| 7 disks; ms: 4 \|/);
  assertMatch(table, /\| one \| 0 \| not run \|/);
  assertMatch(table, /\| mounts \| 0 \| not available here \|/);
});
