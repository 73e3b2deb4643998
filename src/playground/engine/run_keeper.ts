/** Keeps a run of the playground in a store while it is trained. @module */
import { type Checkpoint, encodeCheckpoint } from "../../checkpoint/checkpoint.ts";
import { isLogged } from "../../checkpoint/logged_steps.ts";
import type { RunEvent } from "../../checkpoint/run_events.ts";
import { reasonOf } from "./check_kept.ts";
import type { KeptHead, RunStore } from "./run_store.ts";

/** What is kept, and where. */
export interface KeeperOptions {
  readonly store: RunStore;
  /** Identity of the run, which is written into its checkpoints. */
  readonly runId: string;
  /** What does not change of the head. */
  readonly head: Pick<KeptHead, "name" | "title" | "steps" | "device">;
  readonly pairs: Uint8Array<ArrayBuffer> | null;
  /** The owner of this run in the store; absent if the store does not hold it yet. */
  readonly owner?: string;
  /** The time of day in milliseconds since 1970. */
  readonly date: () => number;
  /** Takes a sentence for people. */
  readonly note: (text: string) => void;
}

/** Keeps a run. What cannot be kept is said once, and ends nothing. */
export interface RunKeeper {
  /** Whether the store holds the run. */
  readonly holds: boolean;
  /** Adds an event to the log. It is kept with the next checkpoint. */
  record(event: RunEvent): void;
  /** Keeps a checkpoint, and every event before it. */
  keep(checkpoint: Checkpoint): Promise<void>;
  /** Keeps events that came after the newest checkpoint, if no step is among them. */
  flush(): Promise<void>;
  /** Whether the run was forgotten. */
  readonly isForgotten: boolean;
  /** Keeps nothing any more, and makes the store forget the run, unless it holds another one. @throws {Error} if it cannot */
  forget(): Promise<void>;
}

/** Makes the keeper of a run. It keeps nothing yet. */
export function createRunKeeper(options: KeeperOptions): RunKeeper {
  const { store, runId, pairs, date, note } = options;
  const me = crypto.randomUUID();
  let owner = options.owner;
  let head: KeptHead | undefined;
  let waiting = "";
  let hasSteps = false;
  let isForgotten = false;
  /** Why nothing is kept: it was said, or the run is to be forgotten. */
  let trouble: "lost" | "failed" | "forgotten" | undefined;

  async function write(checkpoint?: Uint8Array<ArrayBuffer>): Promise<void> {
    if (trouble === "lost" || trouble === "forgotten") return;
    const log = waiting;
    try {
      if (owner === undefined) {
        await store.replace({ head: head!, checkpoint: checkpoint!, pairs, log });
      } else if (
        !await store.add({ head: head!, log, expects: owner, ...(checkpoint && { checkpoint }) })
      ) {
        trouble = "lost";
        note(
          "Another page has replaced or continued the run that the browser keeps, so this one is no longer kept. Save it as a checkpoint",
        );
        return;
      }
    } catch (error) {
      if (trouble !== "failed") note(describeFailure(error));
      trouble = "failed";
      return;
    }
    owner = me;
    trouble = undefined;
    waiting = waiting.slice(log.length);
    hasSteps = false;
  }

  return {
    get holds(): boolean {
      return owner !== undefined;
    },
    record(event): void {
      if (event.event === "step" && !isLogged(event.step, event.steps)) return;
      waiting += JSON.stringify(event) + "\n";
      hasSteps ||= event.event === "step";
    },
    async keep(checkpoint): Promise<void> {
      if (trouble === "lost" || trouble === "forgotten") return;
      const { step } = checkpoint.progress;
      head = { ...options.head, owner: me, step, savedAt: Math.floor(date()) };
      await write(await encodeCheckpoint({ ...checkpoint, runId }));
    },
    async flush(): Promise<void> {
      if (head !== undefined && owner === me && waiting !== "" && !hasSteps) await write();
    },
    get isForgotten(): boolean {
      return isForgotten;
    },
    async forget(): Promise<void> {
      trouble = "forgotten";
      await store.clear(owner === undefined ? [me] : [me, owner]); // a change that is under way may make it mine
      isForgotten = true;
    },
  };
}

function describeFailure(error: unknown): string {
  return `The browser could not keep the run, so a reload would lose what it learns from now on: ${
    reasonOf(error)
  }. Save it as a checkpoint`;
}
