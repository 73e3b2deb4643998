/// <reference lib="dom" />
/** Chooses who answers a question: the server, or a model in this browser. @module */
import type { Answered } from "../protocol.ts";
import type { ServerClient } from "./server_client.ts";
import { identityOf, type RunView } from "./state.ts";

/** A model that runs in this browser. */
export interface LocalModel extends Disposable {
  /** Answers a question. @throws {SyntaxError | RangeError} if the model cannot read it */
  ask(question: string): Promise<Answered>;
}

/** Makes a model from the bytes of a checkpoint. */
export type CreateLocalModel = (safetensors: Uint8Array) => Promise<LocalModel>;

/** An answer, and who gave it. */
export interface Given {
  readonly answered: Answered;
  readonly by: "server" | "browser";
  /** Why the browser did not answer, if it should have. */
  readonly fallback?: string;
}

/** Answers questions. */
export interface Asker {
  ask(run: RunView, question: string): Promise<Given>;
}

/** Says whether a run has ended, so that its weights do not change. */
export function isOver(run: Pick<RunView, "status">): boolean {
  return !["training", "waiting"].includes(run.status.state);
}

/**
 * Makes an asker. While a run is trained, the server answers. When it has ended, a model in the browser answers. That model is loaded
 * once, and needs no server afterwards.
 */
export function createServerAsker(
  client: ServerClient,
  createLocalModel: CreateLocalModel,
): Asker {
  const loaded = new Map<number, { readonly key: string; readonly model: Promise<LocalModel> }>();
  /** Loads the model of a run once, and again if the run was resumed or another run has taken its place. */
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
      return { answered: await model.ask(question), by: "browser" };
    },
  };
}

/** Makes an asker with a model whose bytes the page holds. */
export function createEmbeddedAsker(
  safetensors: Uint8Array,
  createLocalModel: CreateLocalModel,
): Asker {
  let model: Promise<LocalModel> | undefined;
  return {
    async ask(_run, question): Promise<Given> {
      model ??= createLocalModel(safetensors);
      return { answered: await (await model).ask(question), by: "browser" };
    },
  };
}
