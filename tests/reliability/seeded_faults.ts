/** Possible faults in our own code, and the check that must detect each. @module */
import type { Change } from "./fault_points.ts";

/** A fault. */
export interface SeededFault {
  readonly name: string;
  /** The changes that make it, one after another. */
  readonly changes: readonly Change[];
  /** The check that must fail. */
  readonly check: string;
}

/** All faults. */
export const SEEDED_FAULTS: readonly SeededFault[] = [
  {
    name: "the file is not synced",
    changes: [{ drop: "sync of a file" }],
    check: "power loss",
  },
  {
    name: "the directory is not synced after a save",
    changes: [{ drop: "sync of a replacement" }],
    check: "power loss",
  },
  {
    name: "the file is written in place",
    changes: [
      { replace: "new content", by: "await removeIfThere(path, fileSystem); void keepAs;" },
      {
        replace: "replacement",
        by: "await writeSynced(path, chunks, { mode: undefined, fileSystem });",
      },
    ],
    check: "faults",
  },
  {
    name: "the hash is not compared",
    changes: [{
      edit: "comparison of hashes",
      from: "computed !== stored",
      to: "computed.length !== stored.length",
    }],
    check: "damage",
  },
  {
    name: "the file is renamed before it is written",
    changes: [
      {
        edit: "new content",
        from: "await using",
        to: "await rotate([path, ...(keepAs ?? [])], fileSystem); await using",
      },
      { edit: "replacement", from: "keepAs", to: "" },
    ],
    check: "faults",
  },
  {
    name: "the rest of a short write is not written",
    changes: [{ edit: "rest of a write", from: "+= count", to: "= chunk.length" }],
    check: "faults",
  },
  {
    name: "the latest checkpoint is deleted first",
    changes: [{ edit: "order of a deletion", from: ".toReversed()", to: "" }],
    check: "faults",
  },
  {
    name: "the temporary file stays after a failure",
    changes: [{ drop: "temporary file" }],
    check: "faults",
  },
  {
    name: "a failure is not reported",
    changes: [{ replace: "report of a failure", by: "return;" }],
    check: "faults",
  },
  {
    name: "the checkpoints before the latest are not read",
    changes: [{ edit: "checkpoints to try", from: "LATEST_FIRST", to: "LATEST_FIRST.slice(0, 1)" }],
    check: "newest damaged",
  },
  {
    name: "skipped checkpoints are not named",
    changes: [{ drop: "name of a skipped file" }],
    check: "newest damaged",
  },
  {
    name: "the best checkpoint is not kept",
    changes: [{ edit: "save of the best", from: "if (best)", to: "if (!best)" }],
    check: "faults",
  },
  {
    name: "the rotation begins with the newest",
    changes: [{
      edit: "order of a rotation",
      from: "let i = paths.length - 1; i > 0; i--",
      to: "let i = 1; i < paths.length; i++",
    }],
    check: "newest damaged",
  },
  {
    name: "the position in the epoch is forgotten",
    changes: [{
      edit: "position in an epoch",
      from: "batch: from, step }",
      to: "step }, from = 0",
    }],
    check: "resume",
  },
  {
    name: "the order depends on the process, not on the epoch",
    changes: [{
      edit: "order of an epoch",
      from: "history.length + 1",
      to: "training.progress.batch",
    }],
    check: "resume",
  },
  ...(["lossSum: 0", "history: []", "step: 0", "elapsedMs: 0"] as const).map((
    forgotten,
  ): SeededFault => ({
    name: `of the progress, ${forgotten.split(":")[0]} is forgotten`,
    changes: [{
      edit: "saved progress",
      from: "checkSaved(saved, resolved)",
      to: `{ ...checkSaved(saved, resolved), ${forgotten} }`,
    }],
    check: "resume",
  })),
  {
    name: "Adam's moments are forgotten",
    changes: [{ replace: "saved moments", by: "const moments = undefined;" }],
    check: "resume",
  },
  {
    name: "the steps of an epoch begin with its first batch again",
    changes: [{ edit: "first row of a batch", from: "from + this.#taken", to: "this.#taken" }],
    check: "resume",
  },
  {
    name: "the optimiser counts its steps from the beginning again",
    changes: [{ edit: "number of a step", from: "this.#plan.step + ", to: "" }],
    check: "resume",
  },
  {
    name: "a declared shape is not checked",
    changes: [{
      edit: "check of a shape",
      from: "stop - start !== countValues(shape) * BYTES_PER_VALUE[dtype]",
      to: "stop < start",
    }],
    check: "fuzz",
  },
  {
    name: "an invalid state causes an error of the wrong type",
    changes: [{ replace: "error of a state", by: "throw error;" }],
    check: "fuzz",
  },
  {
    name: "files of a killed process block a save",
    changes: [{
      edit: "temporary name",
      from: "fileSystem.newName()",
      to: "fileSystem.newName().replaceAll(/./g, '0')",
    }],
    check: "faults",
  },
  {
    name: "a directory that took the run's place is written to",
    changes: [{ drop: "check of the folder" }],
    check: "resources",
  },
  {
    name: "the log is not written",
    changes: [{ drop: "save of the log" }],
    check: "faults",
  },
  {
    name: "the log is written after the latest checkpoint",
    changes: [{ move: "save of the log", after: "save of the latest" }],
    check: "faults",
  },
  {
    name: "the best checkpoint is written after the latest",
    changes: [{ move: "save of the best", after: "save of the latest" }],
    check: "faults",
  },
  {
    name: "the run before is removed before the new one is there",
    changes: [{ move: "first save", before: "first log" }],
    check: "faults",
  },
  {
    name: "a run that begins removes its own checkpoint",
    changes: [{ edit: "removal of the run before", from: "!==", to: "===" }],
    check: "faults",
  },
  {
    name: "a deletion is not synced",
    changes: [{ drop: "sync of a deletion" }],
    check: "power loss",
  },
  {
    name: "a deletion is not synced before its last file",
    changes: [{ drop: "sync before the last removal" }],
    check: "power loss",
  },
  {
    name: "the latest checkpoint does not get its name back",
    changes: [{ drop: "old name" }],
    check: "faults",
  },
  {
    name: "a run that is in use is opened",
    changes: [{
      edit: "attempt to lock",
      from: "!await tryLock(file)",
      to: "(await tryLock(file), false)",
    }],
    check: "resources",
  },
  {
    name: "the time of the last save is forgotten",
    changes: [{ drop: "time of a save" }],
    check: "clock",
  },
  {
    name: "no save is ever due by time",
    changes: [{ edit: "end of an interval", from: ">= interval.ms", to: "< 0" }],
    check: "clock",
  },
  {
    name: "the clock between two saves may go back",
    changes: [{ edit: "clock of the saves", from: "createSteadyClock(now)", to: "now" }],
    check: "clock",
  },
  {
    name: "the time of an epoch may be negative",
    changes: [{
      edit: "clock of a training",
      from: "createSteadyClock(options.now)",
      to: "options.now ?? (() => performance.now())",
    }],
    check: "clock",
  },
  {
    name: "the pace is lost when the clock is set back",
    changes: [{ edit: "clock of the pace", from: "createSteadyClock(now)", to: "now" }],
    check: "clock",
  },
  {
    name: "a name that every object has is accepted as an option",
    changes: [{ edit: "known options", from: " || !known.has(name)", to: "" }],
    check: "fuzz",
  },
  {
    name: "a declared size is allocated before it is checked",
    changes: [{
      edit: "before the check of sizes",
      from: "let end = 0;",
      to: `let end = 0;
  for (const entry of Object.values(tensors)) {
    const shape = isRecord(entry) && isCounts(entry.shape) ? entry.shape : [];
    new Float32Array(Math.min(2 ** 28, countValues(shape)));
  }`,
    }],
    check: "fuzz",
  },
  {
    name: "input changes Object.prototype",
    changes: [{
      replace: "check of the metadata",
      by: "Object.assign(Object.prototype, { polluted: Object.keys(metadata as object).length });",
    }],
    check: "fuzz",
  },
  {
    name: "a header may lack columns that are read",
    changes: [{ drop: "columns of a header" }],
    check: "fuzz pairs",
  },
  {
    name: "a log of another save is not replaced",
    changes: [{
      edit: "log is complete",
      from: "endsWithLine(end, last, file.sizeBytes)",
      to: "end.length > 0",
    }],
    check: "faults",
  },
];
