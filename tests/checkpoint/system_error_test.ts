import { assertEquals } from "@std/assert";
import {
  describeSystemError,
  systemErrorCode,
  systemErrorPath,
} from "../../src/checkpoint/system_error.ts";
import { canUseFiles } from "../permissions.ts";

const isLinux = Deno.build.os === "linux";

Deno.test({
  name: "an error of the operating system gives its reason, code and path",
  ignore: !canUseFiles || !isLinux,
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    const path = `${folder}/it's none`;
    try {
      for (const call of [() => Deno.stat(path), () => Deno.mkdir(`${path}/a`)]) {
        const error = await call().then(() => undefined, (reason) => reason);
        assertEquals(describeSystemError(error), "no such file or directory");
        assertEquals(systemErrorCode(error), "ENOENT");
        assertEquals(systemErrorPath(error)!.startsWith(path), true);
      }
      const renamed = await Deno.rename(path, folder).catch((reason) => reason);
      assertEquals(systemErrorPath(renamed), path);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("any other error gives its message unchanged", () => {
  for (const error of [new Error("Cannot go on: it is over"), "text"]) {
    assertEquals(describeSystemError(error), error instanceof Error ? error.message : error);
    assertEquals([systemErrorCode(error), systemErrorPath(error)], [undefined, undefined]);
  }
});
