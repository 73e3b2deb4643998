/** Trains on a set with the command `train`, unless that was done before. @module */
import { type CommandOptions, runCarry } from "./carry_program.ts";
import type { SetPlan } from "./set_plan.ts";

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

/** What a training says while it runs. */
export interface SetOptions extends Pick<CommandOptions, "signal"> {
  /** Called after every epoch. */
  readonly onEpoch: (epoch: number, epochs: number, exactMatch: number) => void;
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

/** What lies beside a run that was trained to its end. */
interface KeptFacts {
  /** What was learned, as in a `TaskSet`. */
  readonly learned: readonly string[];
  readonly facts: TrainingFacts;
}

/** Trains, unless the run was trained before on the same files. @returns what the training was */
export async function trainSet(plan: SetPlan, options: SetOptions): Promise<TrainingFacts> {
  return await readFacts(plan) ?? await trainAnew(plan, options);
}

async function trainAnew(plan: SetPlan, { signal, onEpoch }: SetOptions): Promise<TrainingFacts> {
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
