/** The limits of files. Writers and readers keep the same limits, so that whatever is written can be read. @module */

/** Most bytes of a checkpoint file: 8 GiB. */
export const MAX_FILE_BYTES: number = 8 * 2 ** 30;

/**
 * Most bytes of a checkpoint's header: 32 MiB. The current format needs a few KB. Files in the format carry-1 have their
 * history in the header, about 240 bytes an epoch.
 */
export const MAX_HEADER_BYTES: number = 32 * 2 ** 20;

/** Most characters of a line of `events.jsonl`, `metrics.jsonl` and of other text that is read by lines: 1 Mi. */
export const MAX_LINE_CHARACTERS: number = 2 ** 20;
