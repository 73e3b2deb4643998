/** The jobs that make the gradients of all parameters from what the rows have left. @module */
import type { ArgumentWriter } from "./arguments.ts";
import { firstStepJob } from "./first_step.ts";
import type { GradientPlan } from "./gradient_plan.ts";
import { recurrentLayers } from "./layer_sizes.ts";
import { parameterName } from "./parts.ts";
import { scatterJobs, sumCarried } from "./scatter_jobs.ts";
import type { Job, Phase } from "./thread_pool.ts";
import { divideSquares, firstGradient, lastGradient } from "./training_layout.ts";
import { denseProduct, inputProducts, stateProducts } from "./weight_products.ts";

/**
 * Makes the phases of the gradients. If the first time step is shared, its way back needs the sums of the second by first character, and
 * the product for the recurrent kernel needs them in place of that time step. The other products are divided so that no thread is idle.
 */
export function gradientPhases(writer: ArgumentWriter, plan: GradientPlan): Phase[] {
  const { network } = plan.places;
  const layers = recurrentLayers(network);
  const ofStates = layers.map((layer, i) => stateProducts(writer, plan, { layer, index: i }));
  const ofInputs = layers.map((layer, i) =>
    layer.input === "indices"
      ? scatterJobs(writer, plan, layer)
      : inputProducts(writer, plan, { layer, index: i })
  );
  const jobs = [...ofInputs.flat(), ...ofStates.slice(1).flat(), denseProduct(writer, plan)];
  if (!plan.settings.isShared) {
    return [[...jobs, ...ofStates[0]!], squareJobs(writer, plan)];
  }
  const back = firstStepJob(network, "firstStepBackward", plan.pass.first);
  return [
    [...sumCarried(writer, plan), ...jobs],
    [back, ...ofStates[0]!],
    squareJobs(writer, plan),
  ];
}

/** Makes the gradient of the bias whose layer looks characters up, and sums the squares of all gradients. */
function squareJobs(writer: ArgumentWriter, plan: GradientPlan): Job[] {
  const { buffers, network } = plan.places;
  const { count, chunk, tasks, biasTasks } = divideSquares(network);
  const { firstParameter, inputSize, gates, hiddenSize } = recurrentLayers(network)[0]!;
  const bias: Job = {
    kernel: "sumKernelRows",
    args: writer.write("SumRowsArgs", {
      ...{ from: buffers(parameterName(firstParameter)), rows: inputSize },
      ...{ columns: gates * hiddenSize, out: buffers(lastGradient(network)) },
      squares: buffers("squares") + 8 * tasks,
    }),
    tasks: biasTasks,
  };
  if (!plan.isClipped) return [bias];
  const values = buffers(firstGradient(network)), sums = buffers("squares");
  const args = writer.write("SquaresArgs", { values, count, chunk, sums });
  return [bias, { kernel: "sumSquares", args, tasks }];
}
