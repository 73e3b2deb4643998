/** The setting in which a bench ran, which every figure must state. @module */
import { cpus } from "node:os";
import * as tf from "@tensorflow/tfjs";

/** The setting in which a bench ran. */
export interface Setting {
  /** Commit of the working tree, with `+ changes` where it has any. */
  readonly commit: string;
  readonly date: string;
  /** Model of the processor, and number of cores. */
  readonly machine: string;
  /** Average length of the run queue over the last minute, before the bench began. */
  readonly load: number;
  readonly deno: string;
  readonly tfjs: string;
  readonly command: string;
}

/** Describes the setting of a bench that a task runs. */
export async function describeSetting(task: string): Promise<Setting> {
  return {
    commit: await describeCommit(new URL(".", import.meta.url).pathname),
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? "unknown processor"}, ${navigator.hardwareConcurrency} cores`,
    load: Deno.loadavg()[0]!,
    deno: Deno.version.deno,
    tfjs: tf.version["tfjs-core"],
    command: ["deno task", task, ...Deno.args].join(" "),
  };
}

/** Gives the commit of a checkout, with `+ changes` where its working tree has any. */
export async function describeCommit(folder: string): Promise<string> {
  const changes = await runGit(folder, "status", "--porcelain");
  const commit = await runGit(folder, "rev-parse", "--short", "HEAD");
  return commit + (changes === "" ? "" : " + changes");
}

/** Writes a setting as lines of text. */
export function formatSetting(setting: Setting): string {
  const { commit, date, machine, load, deno, tfjs, command } = setting;
  return [
    `commit ${commit}, ${date}`,
    `${machine}; load before ${load.toFixed(2)}`,
    `Deno ${deno}, tfjs ${tfjs}`,
    `\`${command}\``,
  ].join("\n");
}

/** Writes rows as a Markdown table; the first row is its head. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows;
  return [head!, head!.map((_, i) => (i === 0 ? "---" : "---:")), ...body]
    .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

async function runGit(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("git", { args, cwd }).output();
  return new TextDecoder().decode(stdout).trim();
}
