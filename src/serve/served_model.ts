/** What a server answers with. @module */
import type { Memory } from "../model/memory.ts";
import type { Model } from "../model/model.ts";
import type { PredictOptions } from "../model/predict.ts";
import type { GivenSearchSettings } from "../model/search_settings.ts";
import type { Problem } from "../problem/problem.ts";

/** A model, its problem, and a description of it. */
export interface ServedModel {
  readonly model: Model;
  readonly problem: Problem;
  /** How answers are searched and whether their attention is given, if a request does not say. Default: as in `predict()`. */
  readonly asked?: Pick<PredictOptions, "attention"> & GivenSearchSettings;
  /** What was seen in the training: see `predict()`. Default: the model answers all questions. */
  readonly memory?: Memory;
  /** Fields of the answer of `/health` besides `"status": "ok"`. */
  readonly health: {
    readonly run: string;
    /** Steps that the weights were trained for. */
    readonly step: number;
    /** Number of parameters, of all models together. */
    readonly parameters: number;
    /** Number of models of an ensemble; absent for one model. */
    readonly models?: number;
  };
}
