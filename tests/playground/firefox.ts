/** Firefox without a window, where there is one, driven by WebDriver BiDi: playwright-core drives only a Firefox of its own. @module */
import { canRun } from "../permissions.ts";

/** Where Debian and others put it. */
const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Path of the browser, undefined where there is none: its tests are ignored, by name. */
export const FIREFOX: string | undefined = canRun ? PLACES.find(isFile) : undefined;

/** A tab of the browser. Disposing of it ends the browser. */
export interface FirefoxTab extends AsyncDisposable {
  /** Errors and warnings on the console, exceptions among them. */
  readonly problems: readonly string[];
  /** Opens an address, and waits until the page is loaded. */
  open(address: string): Promise<void>;
  /** Evaluates an expression, and waits for its promise. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until an expression is true. @throws {Error} if that takes more than a minute */
  until(expression: string): Promise<void>;
}

/** An answer of the browser, or an event. Source: WebDriver BiDi, W3C working draft. */
interface Message {
  readonly id?: number;
  readonly type: "success" | "error" | "event";
  readonly message?: string;
  // deno-lint-ignore no-explicit-any -- results differ by command
  readonly result?: any;
  readonly params?: { readonly level?: string; readonly text?: string };
}

/** Starts the browser with an empty profile of its own, and opens a tab. */
export async function launchFirefox(): Promise<FirefoxTab> {
  await using started = new AsyncDisposableStack();
  const profile = await Deno.makeTempDir({ prefix: "carry-firefox-" });
  started.defer(() => Deno.remove(profile, { recursive: true }));
  const child = new Deno.Command(FIREFOX!, {
    args: ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const [announced, ignored] = child.stderr.tee();
  const drained = ignored.pipeTo(new WritableStream());
  started.defer(async () => {
    child.kill();
    await Promise.all([child.status, drained]);
  });
  const socket = new WebSocket(`${await readAddress(announced)}/session`);
  const problems: string[] = [];
  const call = await connect(socket, problems);
  started.defer(async () => {
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
  });
  await call("session.new", { capabilities: {} });
  await call("session.subscribe", { events: ["log.entryAdded"] });
  const { context } = await call("browsingContext.create", { type: "tab" });
  const evaluate = async (expression: string): Promise<unknown> => {
    const given = { expression, target: { context }, awaitPromise: true };
    const { result, exceptionDetails } = await call("script.evaluate", given);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result.value;
  };
  const owned = started.move();
  return {
    problems,
    evaluate,
    async open(url): Promise<void> {
      await call("browsingContext.navigate", { context, url, wait: "complete" });
    },
    async until(expression): Promise<void> {
      const given = JSON.stringify(expression);
      const left = await evaluate(`(async () => {
        for (let i = 0; i < 600; i++) {
          if (${expression}) return "";
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return ${given} + " is not true; the page shows " + document.body.innerText;
      })()`);
      if (left !== "") throw new Error(String(left));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Calls a command of the protocol. */
// deno-lint-ignore no-explicit-any -- results differ by command
type Call = (method: string, params: object) => Promise<any>;

async function connect(socket: WebSocket, problems: string[]): Promise<Call> {
  const waiting = new Map<number, (message: Message) => void>();
  socket.addEventListener("message", ({ data }) => {
    const message: Message = JSON.parse(data);
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    else if (["error", "warn"].includes(message.params?.level ?? "")) {
      problems.push(message.params!.text ?? "an error without a text");
    }
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  let calls = 0;
  return async (method, params) => {
    const id = ++calls;
    const answer = new Promise<Message>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { type, result, message } = await answer;
    waiting.delete(id);
    if (type === "error") throw new Error(`${method}: ${message}`);
    return result;
  };
}

/** Reads where the browser listens. */
async function readAddress(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of output.pipeThrough(new TextDecoderStream())) {
    text += part;
    const address = /WebDriver BiDi listening on (ws:\S+)/.exec(text)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`Cannot start Firefox: it has not said where it listens, but ${text}`);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
