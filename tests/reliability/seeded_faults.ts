/** Possible faults in our own code, and the check that must detect each. @module */

/** A fault. */
export interface SeededFault {
  readonly name: string;
  /** The file, under src. */
  readonly file: string;
  /** A text that appears once in the file. */
  readonly from: string;
  readonly to: string;
  /** The check that must fail. */
  readonly check: string;
}

/** All faults. */
export const SEEDED_FAULTS: readonly SeededFault[] = [
  {
    name: "the file is not synced",
    file: "checkpoint/files.ts",
    from: "await file.sync();",
    to: "",
    check: "power loss",
  },
  {
    name: "the directory is not synced after a save",
    file: "checkpoint/files.ts",
    from:
      "await renameOrRestore(temporary, path, { keptAs: keepAs[0], fileSystem });\n      named = true;\n      await fileSystem.syncDirectory(parentOf(path));",
    to:
      "await renameOrRestore(temporary, path, { keptAs: keepAs[0], fileSystem });\n      named = true;",
    check: "power loss",
  },
  {
    name: "the file is written in place",
    file: "checkpoint/files.ts",
    from:
      "await using prepared = await prepareFile(path, chunks, { fileSystem });\n  await prepared.replace(keepAs);",
    to:
      "void keepAs;\n  await removeIfThere(path, fileSystem);\n  await writeSynced(path, chunks, { mode: undefined, fileSystem });",
    check: "faults",
  },
  {
    name: "the hash is not compared",
    file: "checkpoint/checkpoint.ts",
    from: "if (computed !== stored) {",
    to: "if (computed.length !== stored.length) {",
    check: "damage",
  },
  {
    name: "the file is renamed before it is written",
    file: "checkpoint/files.ts",
    from:
      "await using prepared = await prepareFile(path, chunks, { fileSystem });\n  await prepared.replace(keepAs);",
    to:
      "await rotate([path, ...(keepAs ?? [])], fileSystem);\n  await using prepared = await prepareFile(path, chunks, { fileSystem });\n  await prepared.replace();",
    check: "faults",
  },
  {
    name: "the rest of a short write is not written",
    file: "checkpoint/files.ts",
    from: "written += count;",
    to: "written = chunk.length;",
    check: "faults",
  },
  {
    name: "the latest checkpoint is deleted first",
    file: "checkpoint/run_files.ts",
    from: "...LATEST_FIRST.toReversed(),",
    to: "...LATEST_FIRST,",
    check: "faults",
  },
  {
    name: "the temporary file stays after a failure",
    file: "checkpoint/files.ts",
    from: "await removeIfThere(temporary, fileSystem).catch(() => {});",
    to: "",
    check: "faults",
  },
  {
    name: "a failure is not reported",
    file: "checkpoint/run_files.ts",
    from: "if (error instanceof Deno.errors.NotCapable) throw error;\n    throw new Error(",
    to: "if (error instanceof Deno.errors.NotCapable) throw error;\n    void new Error(",
    check: "faults",
  },
  {
    name: "the checkpoints before the latest are not read",
    file: "checkpoint/read_run.ts",
    from: "[BEST] : LATEST_FIRST) {",
    to: "[BEST] : LATEST_FIRST.slice(0, 1)) {",
    check: "newest damaged",
  },
  {
    name: "skipped checkpoints are not named",
    file: "checkpoint/read_run.ts",
    from: "skipped.push(`${file}: ${missing",
    to: "void (`${file}: ${missing",
    check: "newest damaged",
  },
  {
    name: "the best checkpoint is not kept",
    file: "checkpoint/run_files.ts",
    from: "if (best) await",
    to: "if (!best) await",
    check: "faults",
  },
  {
    name: "the rotation begins with the newest",
    file: "checkpoint/files.ts",
    from: "for (let i = paths.length - 1; i > 0; i--) {",
    to: "for (let i = 1; i < paths.length; i++) {",
    check: "newest damaged",
  },
  {
    name: "the position in the epoch is forgotten",
    file: "training/train.ts",
    from: "from: state.progress.batch };",
    to: "from: 0 };",
    check: "resume",
  },
  {
    name: "the order depends on the process, not on the epoch",
    file: "training/train.ts",
    from: "const shuffle = { seed: options.seed, epoch };",
    to: "const shuffle = { seed: options.seed, epoch: training.progress.batch };",
    check: "resume",
  },
  {
    name: "the sum of the losses is forgotten",
    file: "training/create_training.ts",
    from: "const state: TrainingState = { progress,",
    to: "const state: TrainingState = { progress: { ...progress, lossSum: 0 },",
    check: "resume",
  },
  {
    name: "Adam's moments are forgotten",
    file: "training/create_training.ts",
    from: "createOptimizer(model, saved?.moments)",
    to: "createOptimizer(model)",
    check: "resume",
  },
  {
    name: "a declared shape is not checked",
    file: "checkpoint/safetensors.ts",
    from: "stop - start !== countValues(shape) * BYTES_PER_VALUE[dtype]",
    to: "stop < start",
    check: "fuzz",
  },
  {
    name: "an invalid state causes an error of the wrong type",
    file: "checkpoint/checkpoint.ts",
    from: "throw new SyntaxError(`Cannot read the checkpoint: ${reasonOf(error)}`);",
    to: "throw error;",
    check: "fuzz",
  },
  {
    name: "files of a killed process block a save",
    file: "checkpoint/files.ts",
    from: "${folder}${name}.${fileSystem.newName()}.tmp",
    to: "${folder}${name}.${fileSystem.newName().replaceAll(/./g, '0')}.tmp",
    check: "faults",
  },
  {
    name: "a directory that took the run's place is written to",
    file: "checkpoint/run_files.ts",
    from: "await run.check();",
    to: "",
    check: "resources",
  },
  {
    name: "the log is not written",
    file: "checkpoint/run_files.ts",
    from:
      "await writeMetricsLog(`${run.path}/${METRICS_LOG}`, checkpoint.progress.history, fileSystem);\n    await",
    to: "void writeMetricsLog;\n    await",
    check: "faults",
  },
  {
    name: "the log is written after the latest checkpoint",
    file: "checkpoint/run_files.ts",
    from:
      "await writeMetricsLog(`${run.path}/${METRICS_LOG}`, checkpoint.progress.history, fileSystem);\n    await replaceFile(path!, [bytes], { keepAs, fileSystem });",
    to:
      "await replaceFile(path!, [bytes], { keepAs, fileSystem });\n    await writeMetricsLog(`${run.path}/${METRICS_LOG}`, checkpoint.progress.history, fileSystem);",
    check: "faults",
  },
  {
    name: "the best checkpoint is written after the latest",
    file: "checkpoint/run_files.ts",
    from:
      "if (best) await replaceFile(`${run.path}/${BEST}`, [bytes], { fileSystem });\n    await writeMetricsLog(`${run.path}/${METRICS_LOG}`, checkpoint.progress.history, fileSystem);\n    await replaceFile(path!, [bytes], { keepAs, fileSystem });",
    to:
      "await writeMetricsLog(`${run.path}/${METRICS_LOG}`, checkpoint.progress.history, fileSystem);\n    await replaceFile(path!, [bytes], { keepAs, fileSystem });\n    if (best) await replaceFile(`${run.path}/${BEST}`, [bytes], { fileSystem });",
    check: "faults",
  },
  {
    name: "the run before is removed before the new one is there",
    file: "checkpoint/run_files.ts",
    from:
      "    await replaceFile(path, [bytes], { fileSystem });\n    for (const name of RUN_FILES) {\n      if (name !== LATEST_FIRST[0]) await removeIfThere(`${run.path}/${name}`, fileSystem);\n    }\n",
    to:
      "    for (const name of RUN_FILES) {\n      if (name !== LATEST_FIRST[0]) await removeIfThere(`${run.path}/${name}`, fileSystem);\n    }\n    await replaceFile(path, [bytes], { fileSystem });\n",
    check: "faults",
  },
  {
    name: "a run that begins removes its own checkpoint",
    file: "checkpoint/run_files.ts",
    from: "if (name !== LATEST_FIRST[0]) await removeIfThere",
    to: "if (name === LATEST_FIRST[0]) await removeIfThere",
    check: "faults",
  },
  {
    name: "a deletion is not synced",
    file: "checkpoint/run_files.ts",
    from: "    }\n    await fileSystem.syncDirectory(run.path);",
    to: "    }",
    check: "power loss",
  },
  {
    name: "a deletion is not synced before its last file",
    file: "checkpoint/run_files.ts",
    from: "if (name === LATEST_FIRST[0]) await fileSystem.syncDirectory(run.path);",
    to: "",
    check: "power loss",
  },
  {
    name: "the latest checkpoint does not get its name back",
    file: "checkpoint/files.ts",
    from: "if (keptAs !== undefined) await fileSystem.rename(keptAs, to).catch(() => {});",
    to: "void keptAs;",
    check: "faults",
  },
  {
    name: "a run that is in use is opened",
    file: "checkpoint/lock.ts",
    from: "!await tryLock(file);",
    to: "(await tryLock(file), false);",
    check: "resources",
  },
  {
    name: "the history is forgotten",
    file: "training/create_training.ts",
    from: "const state: TrainingState = { progress,",
    to: "const state: TrainingState = { progress: { ...progress, history: [] },",
    check: "resume",
  },
  {
    name: "the number of steps is forgotten",
    file: "training/create_training.ts",
    from: "const state: TrainingState = { progress,",
    to: "const state: TrainingState = { progress: { ...progress, step: 0 },",
    check: "resume",
  },
  {
    name: "the time spent is forgotten",
    file: "training/create_training.ts",
    from: "const state: TrainingState = { progress,",
    to: "const state: TrainingState = { progress: { ...progress, elapsedMs: 0 },",
    check: "resume",
  },
  {
    name: "the time of the last save is forgotten",
    file: "checkpoint/save_points.ts",
    from: "saved(): void {\n      savedAt = clock();",
    to: "saved(): void {\n      void savedAt;",
    check: "clock",
  },
  {
    name: "no save is ever due by time",
    file: "checkpoint/save_points.ts",
    from: "clock() - savedAt >= interval.ms",
    to: "clock() - savedAt < 0",
    check: "clock",
  },
  {
    name: "the clock between two saves may go back",
    file: "checkpoint/save_points.ts",
    from: "const clock = createSteadyClock(now);",
    to: "const clock = now;",
    check: "clock",
  },
  {
    name: "the time of an epoch may be negative",
    file: "training/train.ts",
    from: "const now = createSteadyClock(options.now);",
    to: "const now = options.now ?? (() => performance.now());",
    check: "clock",
  },
  {
    name: "the pace is lost when the clock is set back",
    file: "training/pace.ts",
    from: "const clock = createSteadyClock(now);",
    to: "const clock = now;",
    check: "clock",
  },
  {
    name: "a name that every object has is accepted as an option",
    file: "cli/options.ts",
    from: '!arg.startsWith("--") || !known.has(name)',
    to: '!arg.startsWith("--")',
    check: "fuzz",
  },
  {
    name: "a declared size is allocated before it is checked",
    file: "checkpoint/safetensors.ts",
    from: "let end = 0;\n  const entries =",
    to:
      "for (const entry of Object.values(tensors)) {\n    const shape = isRecord(entry) && isCounts(entry.shape) ? entry.shape : [];\n    new Float32Array(Math.min(2 ** 28, countValues(shape)));\n  }\n  let end = 0;\n  const entries =",
    check: "fuzz",
  },
  {
    name: "input changes Object.prototype",
    file: "checkpoint/safetensors.ts",
    from: "return Object.fromEntries(\n    Object.entries(metadata).map(",
    to:
      "Object.assign(Object.prototype, { polluted: Object.keys(metadata).length });\n  return Object.fromEntries(\n    Object.entries(metadata).map(",
    check: "fuzz",
  },
  {
    name: "a log of another save is not replaced",
    file: "checkpoint/metrics_log.ts",
    from: "if (endsWithLine(end, last, file.sizeBytes)) return 0;",
    to: "if (end.length > 0) return 0;",
    check: "faults",
  },
];
