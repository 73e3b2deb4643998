/// <reference lib="dom" />
/** What this browser has for a training, in words. @module */

/** Says which threads and which GPU a training can use here. */
export function describeMachine(): string {
  const threads = crossOriginIsolated
    ? `${navigator.hardwareConcurrency} threads of the processor compute`
    : "one thread of the processor computes: browsers let threads share memory only on a page that the command playground serves";
  return "gpu" in navigator
    ? `This browser has WebGPU, which is used if it finds a GPU that works. Otherwise ${threads}.`
    : `This browser has no WebGPU, so ${threads}.`;
}
