/** Checks that a model can be trained on a device, before anything is allocated. @module */
import type { Device } from "../device/executor.ts";
import type { ModelConfig } from "../network/config.ts";
import { describeNetwork } from "../network/describe_network.ts";

/** What is to be trained. */
export interface TrainingSize {
  /** The configuration of the model. */
  readonly config: ModelConfig;
  /** Number of examples of a step. */
  readonly batchSize: number;
}

/**
 * Checks that a model can be trained on a device, before anything is allocated.
 *
 * @throws {RangeError} if it does not fit, with the largest hidden size or batch that does
 */
export function checkTrainingFits(
  device: Pick<Device, "findMisfit">,
  { config, batchSize }: TrainingSize,
): void {
  const findMisfit = (hiddenSize: number, size: number): string | undefined =>
    device.findMisfit(describeNetwork({ ...config, hiddenSize }), size);
  const fault = findMisfit(config.hiddenSize, batchSize);
  if (fault === undefined) return;
  const fits = (hiddenSize: number, size: number): boolean =>
    findMisfit(hiddenSize, size) === undefined;
  const directions = config.bidirectional ? 2 : 1; // which have equally many units each
  const hiddenSize = directions *
    findLargest(config.hiddenSize / directions, (units) => fits(directions * units, batchSize));
  const batch = findLargest(batchSize, (size) => fits(config.hiddenSize, size));
  const ways = [
    ...(hiddenSize > 0 ? [`a hiddenSize of at most ${hiddenSize}`] : []),
    ...(batch > 0 ? [`a batchSize of at most ${batch}`] : []),
  ];
  throw new RangeError(
    `Cannot train: with hiddenSize ${config.hiddenSize} and batchSize ${batchSize} ${fault}; ${
      ways.length > 0 ? `${ways.join(" or ")} fits` : "fewer layers or shorter texts fit"
    }`,
  );
}

/** Finds the largest number below a given one that fits; 0 if none does. Above a number that does not fit, none may fit. */
function findLargest(below: number, fits: (value: number) => boolean): number {
  let [most, misfit] = [0, below];
  while (misfit - most > 1) {
    const middle = Math.floor((most + misfit) / 2);
    if (fits(middle)) most = middle;
    else misfit = middle;
  }
  return most;
}
