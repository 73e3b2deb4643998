/** What went wrong with a GPU's device: WebGPU reports it later, and gives zeros meanwhile. @module */

/** The failure of each device that is watched. */
const FAILURES = new WeakMap<GPUDevice, { words: string | undefined }>();

/** Begins to listen for a device's errors and for its loss. Later calls do nothing. */
export function watchGpu(device: GPUDevice): void {
  if (FAILURES.has(device)) return;
  const failure: { words: string | undefined } = { words: undefined };
  FAILURES.set(device, failure);
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault(); // otherwise Deno prints the error and continues
    failure.words ??= describeError((event as GPUUncapturedErrorEvent).error);
  });
  device.lost.then(({ message }) => {
    failure.words ??= `the device was lost${message ? `: ${message}` : ""}`;
  });
}

/** Notes a failure that was found by other means, such as a shader that does not compile. The first failure is kept. */
export function noteGpuFailure(device: GPUDevice, words: string): void {
  watchGpu(device);
  FAILURES.get(device)!.words ??= words;
}

/** Says whether a device was lost, or reported an error, since it is watched. */
export function hasGpuFailed(device: GPUDevice): boolean {
  return FAILURES.get(device)?.words !== undefined;
}

/**
 * Checks that a device was not lost and reported no error since it is watched.
 *
 * @throws {Error} with the first failure, and how to continue
 */
export function checkGpu(device: GPUDevice): void {
  const words = FAILURES.get(device)?.words;
  if (words === undefined) return;
  throw new Error(
    `Cannot continue with WebGPU: ${words}; to continue from the last checkpoint on the CPU, resume with the backend "cpu" (train --resume --backend cpu)`,
  );
}

/** Describes an error: its kind, of WebGPU's three, and its message. */
function describeError(error: GPUError): string {
  if (error instanceof GPUOutOfMemoryError) {
    return `the device's memory is used up: ${error.message}; a smaller batch needs less`;
  }
  return error instanceof GPUValidationError
    ? `a command was not valid: ${error.message}`
    : error.message;
}
