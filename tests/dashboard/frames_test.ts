import { assertEquals, assertThrows } from "@std/assert";
import { createFrameRequest, type Drawing } from "../../src/dashboard/page/frames.ts";

/** Stands in for the browser's frames: keeps what is asked for, and draws when the test says so. */
function useFrames(): Disposable & { next(): void; readonly waiting: number } {
  const waiting: FrameRequestCallback[] = [];
  const before = Reflect.get(globalThis, "requestAnimationFrame");
  Reflect.set(globalThis, "requestAnimationFrame", (call: FrameRequestCallback) => {
    return waiting.push(call);
  });
  return {
    next: () => waiting.shift()?.(0),
    get waiting() {
      return waiting.length;
    },
    [Symbol.dispose]: () => void Reflect.set(globalThis, "requestAnimationFrame", before),
  };
}

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function work(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

Deno.test("many requests before a frame are one drawing", () => {
  using frames = useFrames();
  let drawn = 0;
  const request = createFrameRequest(function* (): Drawing {
    yield void drawn++;
  });
  for (let i = 0; i < 5; i++) request();
  assertEquals([frames.waiting, drawn], [1, 0]);
  frames.next();
  assertEquals([frames.waiting, drawn], [0, 1]);
});

Deno.test("long parts are drawn in tasks of their own, and what is asked for meanwhile in one more frame", async () => {
  using frames = useFrames();
  const drawn: string[] = [];
  const request = createFrameRequest(function* (): Drawing {
    for (const part of ["curves", "samples", "header"]) {
      work(10);
      yield void drawn.push(part);
    }
  });
  request();
  frames.next();
  assertEquals(drawn, ["curves"]);
  request();
  request();
  assertEquals(frames.waiting, 0, "not before all is drawn");
  while (frames.waiting === 0) await nextTask();
  assertEquals(drawn, ["curves", "samples", "header"]);
  frames.next();
  while (drawn.length < 6) await nextTask();
  await nextTask();
  assertEquals([drawn.length, frames.waiting], [6, 0]);
});

Deno.test("what could not be drawn is drawn when it is asked for again", () => {
  using frames = useFrames();
  let fails = true;
  let drawn = 0;
  const request = createFrameRequest(function* (): Drawing {
    yield;
    if (fails) throw new Error("no canvas");
    drawn++;
  });
  request();
  assertThrows(() => frames.next(), Error, "no canvas");
  fails = false;
  request();
  frames.next();
  assertEquals(drawn, 1);
});
