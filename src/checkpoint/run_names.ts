/** The names of a run's files. @module */

/** The checkpoint of the best epoch. */
export const BEST = "best.safetensors";

/** The checkpoints, the newest first; every save moves each to the next name. */
export const LATEST_FIRST = [
  "latest.safetensors",
  "previous.safetensors",
  "previous-2.safetensors",
  "previous-3.safetensors",
] as const;

/** The log of the events that training reported. */
export const EVENT_LOG = "events.jsonl";

/** The file that makes a directory the run of an ensemble. Its models are runs in directories of their own. */
export const ENSEMBLE_FILE = "ensemble.json";
