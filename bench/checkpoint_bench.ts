/** Measures the cost of a verified, synced checkpoint of a million parameters and Adam's two moments of each. @module */
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../src/checkpoint/checkpoint.ts";
import { openRun } from "../src/checkpoint/run_directory.ts";
import { saveToRun } from "../src/checkpoint/run_files.ts";
import { markCheckpoint } from "../tests/reliability/marked_checkpoint.ts";

const PARAMETERS = 1_000_000;
const group = "checkpoint of 1,000,000 parameters, 12 MB";

const checkpoint: Checkpoint = markCheckpoint(1, PARAMETERS);
const bytes = await encodeCheckpoint(checkpoint);

Deno.bench({
  name: "one write of the bytes, not synced, not atomic",
  group,
  baseline: true,
  async fn(b): Promise<void> {
    const path = await Deno.makeTempFile({ prefix: "carry-" });
    b.start();
    await Deno.writeFile(path, bytes);
    b.end();
    await Deno.remove(path);
  },
});

Deno.bench({
  name: "saveToRun(): hashed, synced, renamed, with the log",
  group,
  async fn(b): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    using run = await openRun(folder);
    await saveToRun(run, checkpoint);
    b.start();
    await saveToRun(run, checkpoint);
    b.end();
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.bench({
  name: "decodeCheckpoint(): every check",
  group,
  async fn(): Promise<void> {
    await decodeCheckpoint(bytes);
  },
});
