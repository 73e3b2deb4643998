import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { checkChosenToken, createToken, isToken } from "../../src/dashboard/token.ts";
import { keepToken } from "../../src/dashboard/token_file.ts";
import { canUseFiles } from "../permissions.ts";

Deno.test("createToken() gives another 192 bits every time, fit for an address", () => {
  const tokens = Array.from({ length: 1000 }, createToken);
  assert(tokens.every((token) => isToken(token) && encodeURIComponent(token) === token));
  assertEquals(new Set(tokens).size, tokens.length);
});

Deno.test("checkChosenToken() refuses what is short, long, or changed by an address", () => {
  assertEquals(checkChosenToken("0123456789abc-._~"), "0123456789abc-._~");
  for (
    const token of ["", "0123456789abcde", "x".repeat(257), "0123456789abcdef ", "0123456789äbcdef"]
  ) {
    assertThrows(() => checkChosenToken(token), RangeError, "16 to 256");
  }
});

function testToken(name: string, body: (run: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canUseFiles,
    async fn(): Promise<void> {
      const run = await Deno.makeTempDir({ prefix: "carry-token-" });
      try {
        await body(run);
      } finally {
        await Deno.remove(run, { recursive: true });
      }
    },
  });
}

testToken("keepToken() keeps a token that its user alone can read", async (run) => {
  const token = await keepToken(run);
  assert(isToken(token));
  assertEquals(await keepToken(run), token);
  const { mode } = await Deno.stat(`${run}/dashboard-token`);
  if (mode !== null) assertEquals(mode & 0o777, 0o600);
});

testToken("keepToken() gives the same token to all who ask at once", async (run) => {
  const tokens = await Promise.all(Array.from({ length: 8 }, () => keepToken(run)));
  assertEquals(new Set(tokens).size, 1);
});

testToken("keepToken() replaces what is no token, or not private", async (run) => {
  const path = `${run}/dashboard-token`;
  for (const text of ["", "short", "x".repeat(100), "x".repeat(31) + "/"]) {
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    assertNotEquals(await keepToken(run), text);
    assert(isToken((await Deno.readTextFile(path)).trim()));
  }
  if (Deno.build.os === "windows") return;
  const token = await keepToken(run);
  await Deno.chmod(path, 0o644);
  assertNotEquals(await keepToken(run), token);
});

testToken("keepToken() follows no link, and gives a token where none can be kept", async (run) => {
  await Deno.writeTextFile(`${run}/elsewhere`, "x".repeat(32), { mode: 0o600 });
  await Deno.symlink(`${run}/elsewhere`, `${run}/dashboard-token`);
  assertNotEquals(await keepToken(run), "x".repeat(32));
  assertEquals(await Deno.readTextFile(`${run}/elsewhere`), "x".repeat(32));
  assert(isToken(await keepToken(`${run}/missing`)));
  await Deno.mkdir(`${run}/full/dashboard-token/more`, { recursive: true });
  assert(isToken(await keepToken(`${run}/full`)));
});
