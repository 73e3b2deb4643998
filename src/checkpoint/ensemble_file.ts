/**
 * The run of an ensemble: several models of one configuration that differ by their seeds. Its directory holds `ensemble.json`, which
 * says what is trained, and a directory `member-1`, `member-2` … for each model, which is a run like any other.
 *
 * A directory belongs to the ensemble if the run in it has the identity that {@linkcode memberRunId} gives. So a model of an ensemble
 * that was replaced is not taken for one of the new ensemble.
 *
 * @module
 */
import { checkUnknown } from "../arguments/resolve_options.ts";
import { describeFound, integer, objectRule, type Rule } from "../arguments/rule.ts";
import { recordRule } from "../arguments/record.ts";
import { parseStrictJson } from "../arguments/strict_json.ts";
import { takeReason } from "../arguments/take_reason.ts";
import { MAX_ENSEMBLE } from "../model/ensemble.ts";
import { NO_PROGRESS } from "../training/progress.ts";
import { type CheckpointState, checkState } from "./checkpoint_state.ts";
import { DENO_FILE_SYSTEM, type FileSystem } from "./file_system.ts";
import { replaceFile } from "./files.ts";
import { MAX_LINE_CHARACTERS } from "./limits.ts";
import { type Fields, FORMAT, type Format, FORMATS, migrateState } from "./migrations.ts";
import type { RunDirectory } from "./run_files.ts";
import { ENSEMBLE_FILE } from "./run_names.ts";
import { describeSystemError } from "./system_error.ts";

/** What an ensemble's models are trained for. */
export interface EnsembleState extends Pick<CheckpointState, "problem" | "model" | "training"> {
  /** Identity of the ensemble. */
  readonly id: string;
  /** Number of models, 2 to 100. */
  readonly models: number;
}

/** Number of models of an ensemble. */
export const ENSEMBLE_SIZE: Rule<number> = integer(2, MAX_ENSEMBLE);

/** The fields of the file. */
const FILE_RULE = recordRule<{ format: string; sha256: string; ensemble: Fields }>({
  format: { must: "a text", findFault: (value) => typeof value === "string" ? undefined : "type" },
  sha256: { must: "a text", findFault: (value) => typeof value === "string" ? undefined : "type" },
  ensemble: objectRule(),
});

const ACTION = "read";

/** Gives the identity of a model's run. @param number from 1 */
export function memberRunId({ id }: Pick<EnsembleState, "id">, number: number): string {
  return `${id}-${number}`;
}

/** Gives the identity of the ensemble from that of a model's run. */
export function ensembleIdOf(runId: string): string {
  return runId.slice(0, runId.lastIndexOf("-"));
}

/** Gives the directory of a model. @param number from 1 */
export function memberPath(path: string, number: number): string {
  return `${path}/member-${number}`;
}

/** Gives what one model is trained for: its seed is that of the ensemble, plus its number less 1. @param number from 1 */
export function memberSettings(
  { problem, model, training }: Pick<EnsembleState, "problem" | "model" | "training">,
  number: number,
): Pick<EnsembleState, "problem" | "model" | "training"> {
  return { problem, model, training: { ...training, seed: training.seed + number - 1 } };
}

/** Encodes the file. @throws {RangeError} if it could not be read again */
export async function encodeEnsemble(state: EnsembleState): Promise<Uint8Array> {
  checkEnsemble({ ...state }, FORMAT);
  const { id, models, problem, model, training } = state;
  const ensemble = { id, models, problem, model, training };
  const sha256 = await hash(JSON.stringify(ensemble));
  const text = `${JSON.stringify({ format: FORMAT, sha256, ensemble })}\n`;
  if (text.length > MAX_LINE_CHARACTERS) {
    throw new RangeError(
      `Cannot save the ensemble: its settings must have at most ${MAX_LINE_CHARACTERS} characters, but have ${text.length}`,
    );
  }
  return new TextEncoder().encode(text);
}

/** Decodes the file. A change of any character that matters is noticed. @throws {SyntaxError} with the first fault */
export async function decodeEnsemble(bytes: Uint8Array): Promise<EnsembleState> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const { format, sha256, ensemble } = checkUnknown(
      ACTION,
      "it",
      parseStrictJson(text),
      FILE_RULE,
    );
    const known = FORMATS.find((candidate) => candidate === format);
    if (known === undefined) {
      throw new RangeError(
        `its format must be one of ${FORMATS.join(", ")}, but is ${describeFound(format)}`,
      );
    }
    if (await hash(JSON.stringify(ensemble)) !== sha256) {
      throw new RangeError("its content must have the SHA-256 that it names, but was changed");
    }
    return checkEnsemble(ensemble, known);
  } catch (error) {
    throw new SyntaxError(takeReason(error));
  }
}

/**
 * Reads the file of an ensemble.
 *
 * @returns undefined if the directory has none: it may be the run of one model
 * @throws {Error} if it cannot be read, with the reason
 */
export async function readEnsemble(
  path: string,
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<EnsembleState | undefined> {
  const file = `${path}/${ENSEMBLE_FILE}`;
  try {
    if (!await fileSystem.isThere(file)) return undefined;
    using opened = await fileSystem.openFile(file);
    const { sizeBytes } = opened;
    if (sizeBytes > 4 * MAX_LINE_CHARACTERS) {
      throw new RangeError(
        `it must have at most ${4 * MAX_LINE_CHARACTERS} bytes, but has ${sizeBytes}`,
      );
    }
    return await decodeEnsemble(await opened.read(0, sizeBytes));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot read the ensemble "${file}": ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}

/** Writes the file of an ensemble into a run that this process holds. @throws {Error} if it cannot be written; the old one stays */
export async function writeEnsemble(run: RunDirectory, state: EnsembleState): Promise<void> {
  const bytes = await encodeEnsemble(state);
  await run.inTurn(async () => {
    await run.check();
    try {
      await replaceFile(`${run.path}/${ENSEMBLE_FILE}`, [bytes], { fileSystem: run.fileSystem });
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      throw new Error(
        `Cannot save the ensemble in "${run.path}", which must be writable and have room: ${
          describeSystemError(error)
        }`,
        { cause: error },
      );
    }
  });
}

function checkEnsemble(given: Fields, format: Format): EnsembleState {
  const { id, models, problem, model, training, ...others } = given;
  const other = Object.keys(others)[0];
  if (other !== undefined) throw new TypeError(`it has the unknown key ${describeFound(other)}`);
  const count = checkUnknown(ACTION, "models", models, ENSEMBLE_SIZE);
  const migrated = migrateState(
    { runId: id, trainedOn: null, problem, model, training, progress: NO_PROGRESS },
    format,
  );
  const state = checkState(migrated);
  if (state.runId === null) throw new TypeError("its id must be a text, but is null");
  return {
    ...{ id: state.runId, models: count },
    ...{ problem: state.problem, model: state.model, training: state.training },
  };
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
