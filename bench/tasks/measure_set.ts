/** Trains on a set with the command `train` and asks it with `evaluate`. @module */
import type { CommandOptions } from "./carry_program.ts";
import { runCarry } from "./carry_program.ts";
import type { TaskSet } from "./task_set.ts";

/** What is trained and how. */
export interface SetPlan {
  readonly set: TaskSet;
  readonly seed: number;
  /** Options of `train` that were typed: of the model, the training and the device. */
  readonly typed: readonly string[];
  /** Number of models that are trained as one run; 1 for a run of one model. */
  readonly ensemble: number;
  /** Widths of the search for answers: the same models are asked with each. 1 is greedy. */
  readonly beams: readonly number[];
  /** Options of the device for `evaluate`. */
  readonly device: readonly string[];
  /** The folder of the run. It is trained again only if it has no facts. */
  readonly run: string;
}

/** What a training was. */
export interface TrainingFacts {
  /** Number of pairs or questions that were learned from. */
  readonly pairs: number;
  /** Number of parameters of the model. */
  readonly parameters: number;
  readonly epochs: number;
  /** Seconds of the command `train`. */
  readonly seconds: number;
  /** Seconds of processors in it; null where the system does not report them. */
  readonly processorSeconds: number | null;
}

/** What a model answers. Shares are from 0 to 1. */
export interface AskedFacts {
  /** Number of pairs or questions that were asked. */
  readonly asked: number;
  /** Shares of right answers by what was asked and how; of every model, where each answers alone. */
  readonly figures: Readonly<Record<string, readonly number[]>>;
}

/** The part of the events of `train` that is used. */
interface TrainEvent {
  readonly event: string;
  readonly epoch: number;
  readonly exactMatch: number;
  readonly parameters: number;
  readonly trainingExamples: number;
  readonly training: { readonly epochs: number };
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

/** Least share of seen questions of which figures of their own are told. */
const LEAST_SEEN = 0.1;

/** What a training says while it runs. */
export interface SetOptions extends Pick<CommandOptions, "signal"> {
  /** Called after every epoch. */
  readonly onEpoch: (epoch: number, epochs: number, exactMatch: number) => void;
}

/** Trains, unless the run has been trained, and asks. */
export async function measureSet(
  plan: SetPlan,
  options: SetOptions,
): Promise<TrainingFacts & AskedFacts> {
  const facts = await readFacts(plan) ?? await trainSet(plan, options);
  return { ...facts, ...await askSet(plan, options.signal) };
}

async function trainSet(plan: SetPlan, { signal, onEpoch }: SetOptions): Promise<TrainingFacts> {
  const { set, seed, ensemble, typed, run } = plan;
  const models = ensemble === 1 ? [] : [`--ensemble=${ensemble}`];
  let facts = { pairs: 0, parameters: 0, epochs: 0 };
  let planned = 0;
  const cost = await runCarry(
    [
      ...["train", `--run=${run}`, "--overwrite", `--seed=${seed}`, "--samples=0"],
      ...[...models, ...set.learned, ...typed],
    ],
    {
      signal,
      onObject(object): void {
        const event = object as unknown as TrainEvent;
        if (event.event === "start") {
          planned = event.training.epochs;
          facts = { ...facts, pairs: event.trainingExamples, parameters: event.parameters };
        } else if (event.event === "epoch") {
          facts = { ...facts, epochs: event.epoch };
          onEpoch(event.epoch, planned, event.exactMatch);
        }
      },
    },
  );
  const kept: KeptFacts = { learned: set.learned, facts: { ...facts, ...cost } };
  await Deno.writeTextFile(factsOf(run), JSON.stringify(kept));
  return kept.facts;
}

/** Asks the model or, if they are several, each alone and all together. */
async function askSet(plan: SetPlan, signal: AbortSignal): Promise<AskedFacts> {
  let asked = 0;
  const figures: Record<string, readonly number[]> = {};
  for (const beam of plan.beams) {
    const report = await evaluateRun(plan, { beam, signal });
    asked = report.examples;
    const members = report.ensemble?.members.map(({ exactMatch }) => exactMatch);
    const by = members === undefined ? ONE : `ensemble of ${members.length}`;
    const how = beam === 1 ? "" : `, beam ${beam}`;
    if (members !== undefined) figures[ONE + how] = members;
    for (const [what, share] of Object.entries(listShares(report))) {
      figures[by + how + what] = [share];
    }
  }
  return { asked, figures };
}

/** Who answers, if it is one model. */
const ONE = "one model";

/** How a run answers. */
interface Asking extends Pick<CommandOptions, "signal"> {
  readonly beam: number;
}

async function evaluateRun(
  { set, device, run }: SetPlan,
  { beam, signal }: Asking,
): Promise<Evaluated> {
  const found: Evaluated[] = [];
  const asked = set.asked === null ? [] : [`--data=${set.asked}`];
  const search = beam === 1 ? [] : [`--beam=${beam}`];
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

/** What lies beside a run that was trained to its end. */
interface KeptFacts {
  /** What was learned, as in {@linkcode TaskSet}. */
  readonly learned: readonly string[];
  readonly facts: TrainingFacts;
}

/** Reads the facts of a run that was trained before on the same files; undefined if it was not, or not to its end. */
async function readFacts({ run, set }: SetPlan): Promise<TrainingFacts | undefined> {
  try {
    const { learned, facts }: KeptFacts = JSON.parse(await Deno.readTextFile(factsOf(run)));
    return JSON.stringify(learned) === JSON.stringify(set.learned) ? facts : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The file with the facts of a run, beside it. */
function factsOf(run: string): string {
  return `${run}.json`;
}
