/** Asks what was trained with the command `evaluate`. @module */
import { type CommandOptions, runCarry } from "./carry_program.ts";
import type { Beam, SetPlan } from "./set_plan.ts";

/** What a model answers. Shares are from 0 to 1. */
export interface AskedFacts {
  /** Number of pairs or questions that were asked. */
  readonly asked: number;
  /** Shares of right answers by what was asked and how; of every model, where each answers alone. */
  readonly figures: Readonly<Record<string, readonly number[]>>;
}

/** The part of the report of `evaluate` that is used. */
interface Evaluated {
  readonly examples: number;
  readonly exactMatch: number;
  readonly groups: readonly {
    readonly name: string;
    readonly cells: readonly Cell[];
  }[];
  readonly baselines: readonly { readonly name: string; readonly exactMatch: number }[];
  /** Each model of an ensemble alone; null of one model. */
  readonly ensemble: { readonly members: readonly { readonly exactMatch: number }[] } | null;
}

interface Cell {
  readonly key: string;
  readonly examples: number;
  readonly right: number;
}

/** Who answers, if it is one model. */
const ONE = "one model";

/** Least share of seen questions of which figures of their own are told. */
const LEAST_SEEN = 0.1;

/** Asks the model or, if they are several, each alone and all together. */
export async function askSet(plan: SetPlan, signal: AbortSignal): Promise<AskedFacts> {
  let asked = 0;
  const figures: Record<string, readonly number[]> = {};
  for (const beam of plan.beams) {
    const report = await evaluateRun(plan, { beam, signal });
    asked = report.examples;
    const members = report.ensemble?.members.map(({ exactMatch }) => exactMatch);
    const by = members === undefined ? ONE : `ensemble of ${members.length}`;
    const how = beam === null ? "" : beam === 1 ? ", greedy" : `, beam ${beam}`;
    if (members !== undefined) figures[ONE + how] = members;
    for (const [what, share] of Object.entries(listShares(report))) {
      figures[by + how + what] = [share];
    }
  }
  return { asked, figures };
}

/** How a run answers. */
interface Asking extends Pick<CommandOptions, "signal"> {
  readonly beam: Beam;
}

async function evaluateRun(
  { set, device, run }: SetPlan,
  { beam, signal }: Asking,
): Promise<Evaluated> {
  const found: Evaluated[] = [];
  const asked = set.asked === null ? [] : [`--data=${set.asked}`];
  const search = beam === null ? [] : [`--beam=${beam}`];
  await runCarry(["evaluate", `--run=${run}`, "--worst=0", ...asked, ...search, ...device], {
    signal,
    onObject: (object) => found.push(object as unknown as Evaluated),
  });
  return found[0]!;
}

/** Gives the shares of right answers: of all and, if the training had some of the questions, of seen and unseen ones. */
function listShares(
  { examples, exactMatch, groups, baselines }: Evaluated,
): Readonly<Record<string, number>> {
  const all = { "": exactMatch };
  const cells = groups.find(({ name }) => name === "seen")?.cells ?? [];
  const unseen = cells.find(({ key }) => key === "no");
  const seen = cells.filter((cell) => cell !== unseen && cell.examples > 0);
  if (unseen === undefined || countOf(seen, "examples") < LEAST_SEEN * examples) return all;
  const rightBy = (name: string): number =>
    baselines.find((baseline) => baseline.name === name)!.exactMatch;
  return {
    ...all,
    ", seen": shareOf(seen),
    ", unseen": shareOf([unseen]),
    " (memorising, seen)": rightBy("memorising") * examples / countOf(seen, "examples"),
    ", with memorised answers": rightBy("memory"),
  };
}

function shareOf(cells: readonly Cell[]): number {
  return countOf(cells, "right") / countOf(cells, "examples");
}

function countOf(cells: readonly Cell[], field: "right" | "examples"): number {
  return cells.reduce((sum, cell) => sum + cell[field], 0);
}
