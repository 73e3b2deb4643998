import { assertEquals } from "@std/assert";
import { describeMissingPermission } from "../../src/cli/missing_permission.ts";

const HERE = "deno run -A cli.ts";

function describe(access: string, flag: string, program = HERE): string {
  const message = `Requires ${access}, run again with the ${flag} flag`;
  return describeMissingPermission(message, program)
    .replace(/^Cannot continue without permission: /, "");
}

Deno.test("describeMissingPermission() names the folder, as a command needs more than one of its files", () => {
  assertEquals(
    describe('read access to "my run/best.safetensors"', "--allow-read"),
    `"my run/best.safetensors" needs --allow-read='my run'`,
  );
  assertEquals(
    describe('write access to "/tmp/out/a.tsv"', "--allow-write"),
    '"/tmp/out/a.tsv" needs --allow-write=/tmp/out',
  );
  assertEquals(
    describe('read access to "/a.tsv"', "--allow-read"),
    '"/a.tsv" needs --allow-read=/',
  );
  assertEquals(describe('read access to "runs"', "--allow-read"), '"runs" needs --allow-read=.');
});

Deno.test("describeMissingPermission() names a permission set only for what is in it", () => {
  const isIn = (text: string, set: string): boolean => text.includes(`deno run -P=${set} `);
  const sets = (text: string): string[] => ["train", "dashboard"].filter((set) => isIn(text, set));
  const run = 'read access to "./checkpoints/run-0001/best.safetensors"';
  assertEquals(sets(describe(run, "--allow-read")), ["train", "dashboard"]);
  assertEquals(sets(describe('write access to "checkpoints"', "--allow-write")), [
    "train",
    "dashboard",
  ]);
  const net = describe('net access to "127.0.0.1:4750"', "--allow-net");
  assertEquals(sets(net), ["dashboard"]);
  assertEquals(/^\S+ needs --allow-net=127\.0\.0\.1;/.test(net), true);
  assertEquals(sets(describe('read access to "/tmp/out/a.tsv"', "--allow-read")), []);
  assertEquals(sets(describe(run, "--allow-read", "deno run -A jsr:@carry/seq2seq/cli")), []);
});
