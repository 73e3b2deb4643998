import { assert, assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import { checkChosenToken, createToken, deriveToken, isToken } from "../../src/serve/token.ts";
import { keepToken, readTokenFile } from "../../src/serve/token_file.ts";
import { canUseFiles } from "../permissions.ts";

Deno.test("createToken() gives 192 new bits each time, in characters that fit into an address", () => {
  const tokens = Array.from({ length: 1000 }, createToken);
  assert(tokens.every((token) => isToken(token) && encodeURIComponent(token) === token));
  assertEquals(new Set(tokens).size, tokens.length);
});

Deno.test("deriveToken() gives the same token only for the same secret and place", async () => {
  const token = await deriveToken("secret", "1 2");
  assert(isToken(token));
  assertEquals(await deriveToken("secret", "1 2"), token);
  assertNotEquals(await deriveToken("secret", "1 3"), token);
  assertNotEquals(await deriveToken("secreT", "1 2"), token);
});

Deno.test("checkChosenToken() refuses a token that is too short or too long, or that an address changes", () => {
  assertEquals(checkChosenToken("0123456789abc-._~"), "0123456789abc-._~");
  for (
    const token of ["", "0123456789abcde", "x".repeat(257), "0123456789abcdef ", "0123456789äbcdef"]
  ) {
    assertThrows(() => checkChosenToken(token), RangeError, "16 to 256");
  }
});

/** Only root can give a file to another user. */
function isRoot(): boolean {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" && Deno.uid() === 0;
}

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

testToken("keepToken() keeps a token that only its user can read", async (run) => {
  const token = await keepToken(run);
  assert(isToken(token));
  assertEquals(await keepToken(run), token);
  const { mode } = await Deno.stat(`${run}/dashboard-token`);
  if (mode !== null) assertEquals(mode & 0o777, 0o600);
});

testToken(
  "a copied run has another token, and does not contain the token of the original",
  async (run) => {
    await Deno.mkdir(`${run}/original`);
    await Deno.mkdir(`${run}/copy`);
    const token = await keepToken(`${run}/original`);
    const secret = await Deno.readTextFile(`${run}/original/dashboard-token`);
    assert(!secret.includes(token));
    await Deno.copyFile(`${run}/original/dashboard-token`, `${run}/copy/dashboard-token`);
    const other = await keepToken(`${run}/copy`);
    assert(isToken(other));
    assertNotEquals(other, token);
    assertEquals(await Deno.readTextFile(`${run}/copy/dashboard-token`), secret); // it was not replaced
    await Deno.rename(`${run}/original`, `${run}/moved`);
    assertEquals(await keepToken(`${run}/moved`), token);
  },
);

Deno.test({
  name: "keepToken() neither uses nor changes the file of another user",
  ignore: !canUseFiles || !isRoot(),
  async fn(): Promise<void> {
    const run = await Deno.makeTempDir({ prefix: "carry-token-" });
    try {
      const path = `${run}/dashboard-token`;
      const token = await keepToken(run);
      const text = await Deno.readTextFile(path);
      await Deno.chown(path, 12345, 12345);
      const others = [await keepToken(run), await keepToken(run)];
      assert(others.every(isToken));
      assertEquals(new Set([...others, token]).size, 3);
      assertEquals(await Deno.readTextFile(path), text);
      assertThrows(() => readTokenFile(path), RangeError, "it belongs to another user");
    } finally {
      await Deno.remove(run, { recursive: true });
    }
  },
});

testToken("keepToken() leaves what is no secret of a run as it is", async (run) => {
  const path = `${run}/dashboard-token`;
  for (const text of ["notes of my own\n", "", "x".repeat(301)]) {
    await Deno.writeTextFile(path, text);
    assertNotEquals(await keepToken(run), await keepToken(run));
    assertEquals(await Deno.readTextFile(path), text);
  }
  await Deno.remove(path);
  await Deno.writeTextFile(`${run}/target`, "0123456789abcdef\n", { mode: 0o600 });
  await Deno.symlink("target", path);
  assertNotEquals(await keepToken(run), await keepToken(run));
  assert((await Deno.lstat(path)).isSymlink);
});

testToken("keepToken() replaces a secret that others can read", async (run) => {
  const path = `${run}/dashboard-token`;
  const token = await keepToken(run);
  const secret = await Deno.readTextFile(path);
  if (Deno.build.os === "windows") return;
  await Deno.chmod(path, 0o644);
  assertNotEquals(await keepToken(run), token);
  assertNotEquals(await Deno.readTextFile(path), secret);
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
});

testToken("readTokenFile() gives the token of a file that only its user can read", async (run) => {
  for (const [i, text] of ["0123456789abcdef", "0123456789abcdef\n"].entries()) {
    await Deno.writeTextFile(`${run}/${i}`, text, { mode: 0o600 });
    assertEquals(readTokenFile(`${run}/${i}`), "0123456789abcdef");
  }
  await Deno.symlink(`${run}/0`, `${run}/link`);
  assertEquals(readTokenFile(`${run}/link`), "0123456789abcdef");
});

testToken("readTokenFile() says why a file cannot be used", async (run) => {
  assertThrows(() => readTokenFile(`${run}/none`), Error, `none": there is no such file`);
  assertThrows(() => readTokenFile(run), RangeError, "it must be a regular file");
  for (const text of ["", "short\n", "0123456789abcdef\n\n", "0123456789 abcdef"]) {
    await Deno.writeTextFile(`${run}/wrong`, text, { mode: 0o600 });
    assertThrows(() => readTokenFile(`${run}/wrong`), RangeError, "16 to 256");
  }
  await Deno.writeTextFile(`${run}/long`, "x".repeat(301), { mode: 0o600 });
  assertThrows(() => readTokenFile(`${run}/long`), RangeError, "at most 300 bytes");
  if (Deno.build.os === "windows") return;
  for (const mode of [0o640, 0o604, 0o620]) {
    await Deno.writeTextFile(`${run}/open`, "0123456789abcdef");
    await Deno.chmod(`${run}/open`, mode);
    const error = assertThrows(() => readTokenFile(`${run}/open`), RangeError);
    assertMatch(error.message, new RegExp(`chmod 600", but its mode is ${mode.toString(8)}$`));
  }
});

testToken("keepToken() gives the same token to simultaneous calls", async (run) => {
  const tokens = await Promise.all(Array.from({ length: 8 }, () => keepToken(run)));
  assertEquals(new Set(tokens).size, 1);
});

testToken(
  "keepToken() follows no link, and gives a token even if none can be kept",
  async (run) => {
    await Deno.writeTextFile(`${run}/elsewhere`, "x".repeat(32), { mode: 0o600 });
    await Deno.symlink(`${run}/elsewhere`, `${run}/dashboard-token`);
    assertNotEquals(await keepToken(run), "x".repeat(32));
    assertEquals(await Deno.readTextFile(`${run}/elsewhere`), "x".repeat(32));
    assert(isToken(await keepToken(`${run}/missing`)));
    await Deno.mkdir(`${run}/full/dashboard-token/more`, { recursive: true });
    assert(isToken(await keepToken(`${run}/full`)));
  },
);
