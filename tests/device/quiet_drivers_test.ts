import { assertEquals } from "@std/assert";
import { quietDrivers } from "../../src/device/quiet_drivers.ts";
import { canRun } from "../permissions.ts";

const NAME = "XDG_RUNTIME_DIR";

Deno.test({
  name: "quietDrivers() sets the variable if it names no folder, and restores it",
  ignore: !canRun || Deno.build.os === "windows",
  fn(): void {
    const original = Deno.env.get(NAME);
    try {
      for (const before of [undefined, "", "relative", "/run/user/1000"]) {
        if (before === undefined) Deno.env.delete(NAME);
        else Deno.env.set(NAME, before);
        {
          using _ = quietDrivers();
          assertEquals(Deno.env.get(NAME), before?.startsWith("/") ? before : "/");
        }
        assertEquals(Deno.env.get(NAME), before);
      }
    } finally {
      if (original === undefined) Deno.env.delete(NAME);
      else Deno.env.set(NAME, original);
    }
  },
});

Deno.test({
  name:
    "quietDrivers() changes nothing and asks for no permission if the environment may not be changed",
  permissions: { env: false },
  fn(): void {
    using _ = quietDrivers();
  },
});
