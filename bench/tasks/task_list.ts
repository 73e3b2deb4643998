/** Every task of `bench:tasks`. @module */
import { G2P, INFLECTION, RIDGES, SCAN } from "./file_tasks.ts";
import { COPY, MULTIPLICATION, REVERSAL } from "./made_tasks.ts";
import type { Task } from "./task_set.ts";

/** The tasks, in the order in which they are measured. */
export const TASKS: readonly Task[] = [
  G2P,
  INFLECTION,
  RIDGES,
  SCAN,
  REVERSAL,
  COPY,
  MULTIPLICATION,
];
