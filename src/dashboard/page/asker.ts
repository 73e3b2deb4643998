/// <reference lib="dom" />
/** Who answers a question: the server, or the model in this browser. @module */
import type { Answered } from "../protocol.ts";
import type { ServerClient } from "./server_client.ts";
import { identityOf, type RunView } from "./state.ts";

/** A model that runs here; dispose of it where another one takes its place. */
export interface LocalModel extends Disposable {
  /** Answers. @throws {SyntaxError | RangeError} if it is no question that the model can read */
  ask(question: string): Answered;
}

/** Makes a model out of a checkpoint's bytes. */
export type CreateLocalModel = (safetensors: Uint8Array) => Promise<LocalModel>;

/** An answer and who gave it. */
export interface Given {
  readonly answered: Answered;
  readonly by: "server" | "browser";
  /** Why it was not the browser, where it should have been. */
  readonly fallback?: string;
}

/** Answers questions to a run. */
export interface Asker {
  ask(run: RunView, question: string): Promise<Given>;
}

/** Says whether the weights still change: then only who trains has the newest. */
export function isOver(run: Pick<RunView, "status">): boolean {
  return !["training", "waiting"].includes(run.status.state);
}

/**
 * Asks the server while a run goes on, and the model in the browser when it is over; that one is loaded once and needs no server
 * afterwards.
 */
export function createServerAsker(
  client: ServerClient,
  createLocalModel: CreateLocalModel,
): Asker {
  const loaded = new Map<number, { readonly key: string; readonly model: Promise<LocalModel> }>();
  /** Loads a run's model, and again when the run has been resumed, or another run has taken its place. */
  function loadModel(view: RunView): Promise<LocalModel> {
    const { run, generation, status } = view;
    const key = `${identityOf(view)} ${generation} ${status.step}`;
    const before = loaded.get(run);
    if (before?.key === key) return before.model;
    const model = client.model(run).then(createLocalModel);
    loaded.set(run, { key, model });
    model.catch(() => loaded.delete(run));
    before?.model.then((old) => old[Symbol.dispose](), () => {});
    return model;
  }
  return {
    async ask(run, question): Promise<Given> {
      const byServer = async (fallback?: string): Promise<Given> => ({
        answered: await client.ask(run.run, question),
        by: "server",
        ...(fallback !== undefined && { fallback }),
      });
      if (!isOver(run)) return await byServer();
      let model: LocalModel;
      try {
        model = await loadModel(run);
      } catch (error) {
        return await byServer(error instanceof Error ? error.message : String(error));
      }
      return { answered: model.ask(question), by: "browser" };
    },
  };
}

/** Asks a model whose bytes the page carries. */
export function createEmbeddedAsker(
  safetensors: Uint8Array,
  createLocalModel: CreateLocalModel,
): Asker {
  let model: Promise<LocalModel> | undefined;
  return {
    async ask(_run, question): Promise<Given> {
      model ??= createLocalModel(safetensors);
      return { answered: (await model).ask(question), by: "browser" };
    },
  };
}
