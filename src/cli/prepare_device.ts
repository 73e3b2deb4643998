/** Prepares the device of a training, and checks what could fail later. @module */
import { measureCpuRate } from "../device/cpu/cpu_rate.ts";
import type { Device } from "../device/executor.ts";
import { checkPortsAreFree, DEFAULT_PORTS } from "../serve/listen.ts";
import { checkTrainingFits } from "../training/training_fits.ts";
import type { TypedOptions } from "./options.ts";
import { selectDevice } from "./select_device.ts";
import type { Settings } from "../training/choose_settings.ts";
import { printError } from "./terminal.ts";
import type { Surroundings } from "./train_in_run.ts";
import { countTrainingExamples } from "../training/training_examples.ts";
import { describeTrainingTime } from "../training/training_time.ts";
import { checkTyped } from "./usage_error.ts";

/**
 * Checks that the page can be served, chooses the device, and checks that the model fits it, so that errors come before anything
 * is changed.
 */
export async function prepareDevice(
  typed: TypedOptions,
  settings: Settings,
  { page }: Surroundings,
): Promise<Device> {
  if (page !== undefined) checkPortsAreFree(page.port === undefined ? DEFAULT_PORTS : [page.port]);
  const { model: config, training } = settings;
  const device = await selectDevice(typed, { cell: config.cell, decoder: config.decoder });
  const batchSize = Math.min(training.batchSize, countTrainingExamples(settings));
  checkTyped(() => checkTrainingFits(device, { config, batchSize }));
  const { backend, executor, threads } = device.report;
  if (backend !== "cpu" || executor !== "kernels") return device;
  const time = describeTrainingTime(settings, { threads, measureRate: measureCpuRate });
  if (time === undefined) return device;
  printError(`${time} Ctrl-C stops at the end of a step, a second Ctrl-C at once.`);
  return device;
}
