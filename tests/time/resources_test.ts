import { assertEquals, assertThrows } from "@std/assert";
import { createDeferred } from "../../src/time/deferred.ts";
import { Resources } from "../../src/time/resources.ts";

/** Notes in which order things are released. */
function createNotes(): { readonly notes: string[]; readonly note: (name: string) => Disposable } {
  const notes: string[] = [];
  return { notes, note: (name) => ({ [Symbol.dispose]: () => void notes.push(name) }) };
}

Deno.test("Resources releases what it holds once, in reverse order", () => {
  const { notes, note } = createNotes();
  const resources = new Resources();
  const first = note("first");
  assertEquals(resources.use(first) === first, true);
  resources.defer(() => void notes.push("second"));
  resources.use(note("third"));
  resources[Symbol.dispose]();
  resources[Symbol.dispose]();
  assertEquals(notes, ["third", "second", "first"]);
});

Deno.test("Resources releases nothing that it has moved", () => {
  const { notes, note } = createNotes();
  const moved = (() => {
    using resources = new Resources();
    resources.use(note("first"));
    return resources.move();
  })();
  assertEquals(notes, []);
  moved[Symbol.dispose]();
  assertEquals(notes, ["first"]);
});

Deno.test("Resources releases the rest if something cannot be released, and throws the first error", () => {
  const { notes, note } = createNotes();
  const resources = new Resources();
  resources.use(note("first"));
  for (const words of ["second", "third"]) {
    resources.defer(() => {
      throw new Error(words);
    });
  }
  assertThrows(() => resources[Symbol.dispose](), Error, "third");
  assertEquals(notes, ["first"]);
});

Deno.test("createDeferred() gives a promise that its caller keeps or breaks", async () => {
  const kept = createDeferred<number>();
  kept.resolve(3);
  assertEquals(await kept.promise, 3);
  const broken = createDeferred<number>();
  broken.reject("why");
  assertEquals(await broken.promise.catch((reason) => reason), "why");
});
