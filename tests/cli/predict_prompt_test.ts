import { assertEquals, assertMatch } from "@std/assert";
import { canRun } from "../permissions.ts";
import { hasPseudoTerminals, runInTerminal } from "./driven_terminal.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const RUN = ["run", "--no-check", "--cached-only", "--config", CONFIG, "-A", CLI];
const TINY = ["--digits=1", "--hidden-size=4", "--epochs=1", "--backend=cpu", "--run=run"];

Deno.test({
  name: "predict answers lines that come together at its prompt, and names what it cannot read",
  ignore: !canRun || !await hasPseudoTerminals(),
  async fn(): Promise<void> {
    const cwd = await Deno.makeTempDir({ prefix: "carry-prompt-" });
    try {
      const trained = await new Deno.Command(Deno.execPath(), {
        args: [...RUN, "train", ...TINY],
        cwd,
      }).output();
      assertEquals(trained.code, 0);
      const ask = [Deno.execPath(), ...RUN, "predict", "--run=run"];
      const steps = [
        { when: "\\? ", type: "1+1\n2+x\n3+4\n" },
        { when: "(?s:3\\+4=.*\\? )", type: "\x04" }, // Ctrl-D
      ];
      const { code, output } = await runInTerminal(ask, { cwd, steps });
      assertEquals(code, 0);
      assertMatch(output, /\n1\+1=.* %\r\n/);
      assertMatch(output, /Cannot read "2\+x"/);
      assertMatch(output, /3\+4=.* %\r\n\? \r\n$/);
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  },
});
