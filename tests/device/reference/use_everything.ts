/** Uses everything of a reference executor. @module */
import { quietDrivers } from "../../../src/device/quiet_drivers.ts";
import type { BackendName, Executor } from "../../../src/device/executor.ts";
import { createReferenceDevice } from "../../../src/device/reference/reference_device.ts";
import { ADAM, drawRows, makeExamples, makeTrial, SMALL, takeSteps } from "../trial.ts";

const { network, values } = makeTrial(SMALL);
const EXAMPLES = makeExamples(network, 12);

/** Makes a device and an executor on it, and uses everything of them. `between` is called while they compute, and between computations. */
export async function useEverything(
  backend: BackendName,
  between: () => void = () => {},
): Promise<void> {
  using _quiet = quietDrivers();
  const found = { requested: backend, reason: "as the test asks" };
  const device = await createReferenceDevice(backend, found);
  const watched = async <T>(computing: Promise<T>): Promise<T> => {
    between();
    const result = await computing;
    between();
    return result;
  };
  using executor: Executor = await watched(device.load(network, values));
  using held = executor.hold(EXAMPLES);
  using optimizer = executor.createOptimizer(ADAM);
  const order = drawRows(12, 20);
  await watched(takeSteps(executor, { examples: held, optimizer, order, batchSize: 8 }));
  await watched(executor.measure(held, { from: 0, to: 12, answers: true }));
  await watched(executor.answer(EXAMPLES.sources, { probabilities: true }));
  await watched(executor.differentiate(held, order));
  await watched(executor.readState(optimizer));
  executor.writeParameters(values);
  between();
}
