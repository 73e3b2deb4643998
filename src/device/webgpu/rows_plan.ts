/** How the first phase of a step, and the passes that measure and answer, are computed: by the kind of the network. @module */
import type { AttentionNetwork, RepeatNetwork } from "../../network/network.ts";
import { listAttentionJobs } from "./attention/attention_jobs.ts";
import { layOutAttention } from "./attention/lay_out_attention.ts";
import { writeAttentionRows } from "./attention/attention_rows.ts";
import {
  chooseAttentionAnswerShape,
  chooseAttentionTrainingShape,
} from "./attention/attention_shape.ts";
import { sizeAttention } from "./attention/attention_sizes.ts";
import { type GradientJob, listGradientJobs } from "./gradient_jobs.ts";
import { type KeptPlace, layOutKept } from "./kept_layout.ts";
import { writeRows } from "./rows.ts";
import { chooseAnswerShape, chooseTrainingShape, type RowsShape } from "./rows_shape.ts";
import type { Shader } from "./shader.ts";
import type { LaidOutNetwork } from "./laid_out_network.ts";

/** A pass over rows. */
export interface RowsPlan {
  readonly rows: RowsShape;
  /** Numbers of quads and of values that are kept of a row. */
  readonly kept: { readonly quads: number; readonly values: number };
  /** Writes its shader. */
  writeShader(): Shader;
}

/** The first phase of a step. */
export interface TrainingPlan extends RowsPlan {
  /** What the second phase sums. */
  readonly jobs: readonly GradientJob[];
}

/** A pass that measures or answers. */
export interface AnswerPlan extends RowsPlan {
  /** Where the probabilities are kept. */
  readonly probabilities: KeptPlace;
}

/** Plans the first phase of a step. */
export function planTraining(laidOut: LaidOutNetwork, batchSize: number): TrainingPlan {
  const { network } = laidOut;
  return network.decoder === "repeat"
    ? planRepeatTraining(laidOut, network, batchSize)
    : planAttentionTraining(laidOut, network, batchSize);
}

/** Plans to measure or answer some examples. @param compares whether their targets are compared */
export function planAnswers(
  laidOut: LaidOutNetwork,
  { count, compares }: { readonly count: number; readonly compares: boolean },
): AnswerPlan {
  const { network, parameters, limits } = laidOut;
  if (network.decoder === "attention") {
    const sizes = sizeAttention(network);
    const pass = compares ? "measure" : "answer";
    const shape = chooseAttentionAnswerShape(sizes, limits, count);
    const kept = layOutAttention(sizes, pass);
    return {
      ...{ rows: shape, kept, probabilities: kept.decoder.logits },
      writeShader: () => writeAttentionRows({ sizes, parameters, kept, shape, pass }),
    };
  }
  const { sizes } = laidOut;
  const shape = chooseAnswerShape(sizes, limits, count);
  const kept = layOutKept(network, sizes, { pass: "answer", shape });
  return {
    ...{ rows: shape, kept, probabilities: kept.layers.at(-1)!.gradients! },
    writeShader: () => writeRows({ network, sizes, parameters, kept, shape, pass: "answer" }),
  };
}

function planRepeatTraining(
  { sizes, parameters, limits }: LaidOutNetwork,
  network: RepeatNetwork,
  batchSize: number,
): TrainingPlan {
  const shape = chooseTrainingShape(sizes, limits, batchSize);
  const kept = layOutKept(network, sizes, { pass: "train", shape });
  return {
    ...{ rows: shape, kept, jobs: listGradientJobs(network, parameters, kept) },
    writeShader: () => writeRows({ network, sizes, parameters, kept, shape, pass: "train" }),
  };
}

function planAttentionTraining(
  { parameters, limits }: LaidOutNetwork,
  network: AttentionNetwork,
  batchSize: number,
): TrainingPlan {
  const sizes = sizeAttention(network);
  const shape = chooseAttentionTrainingShape(sizes, limits, batchSize);
  const kept = layOutAttention(sizes, "train");
  return {
    ...{ rows: shape, kept, jobs: listAttentionJobs(sizes, parameters, kept) },
    writeShader: () => writeAttentionRows({ sizes, parameters, kept, shape, pass: "train" }),
  };
}
