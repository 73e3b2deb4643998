import { assertEquals, assertThrows } from "@std/assert";
import { parseEvent } from "../../src/checkpoint/parse_event.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

Deno.test("parseEvent() reads the events that training reports", () => {
  const end = { event: "end", reason: "epochs", epochs: 4, exactMatch: null, checkpoint: "r" };
  assertEquals(parseEvent(JSON.stringify(end)) as unknown, end);
});

Deno.test("parseEvent() fills in what older start events lack: runId null, no dropout and smoothing, and swap, weighted and fresh off", () => {
  const start = {
    ...{ event: "start", run: "r", backend: { name: "cpu", reason: "as asked" } },
    ...{ problem: TINY_PROBLEM, model: TINY_MODEL, training: {} },
    ...{ parameters: 1324, trainingExamples: 50, validationExamples: 5, step: 0 },
  };
  const read = (event: object): unknown => parseEvent(JSON.stringify(event));
  const training = {
    ...{ dropout: 0, labelSmoothing: 0 },
    ...{ swap: false, weighted: false, fresh: false },
  };
  assertEquals(read(start), { ...start, training, runId: null });
  assertEquals(read({ ...start, runId: "a" }), { ...start, training, runId: "a" });
  const given = {
    ...{ ...start, runId: "a" },
    training: { dropout: 0.1, labelSmoothing: 0.2, swap: false, weighted: true, fresh: true },
  };
  assertEquals(read(given), given);
  assertThrows(
    () => read({ ...start, runId: 3 }),
    SyntaxError,
    "runId of the event must be null, or a string, but is 3",
  );
});

Deno.test("parseEvent() says why a line is not an event", () => {
  for (
    const [line, message] of [
      ["", "JSON"],
      ["[]", "the event must be an object, but is an empty array"],
      ["null", "the event must be an object, but is null"],
      ['{"event":"constructor"}', "event must be one of start, step"],
      [
        '{"event":"step","epoch":1}',
        "step of the event must be a positive integer, but is missing",
      ],
      [
        '{"event":"samples","epoch":1,"samples":{}}',
        "samples of the event must be a list, but is an object",
      ],
      [
        '{"event":"samples","epoch":1,"samples":[{"question":3}]}',
        "samples[0].question of the event must be a string, but is 3",
      ],
      [
        '{"event":"end","epochs":1,"exactMatch":null,"reason":"tired"}',
        "reason of the event must be one of",
      ],
    ] as const
  ) assertThrows(() => parseEvent(line), SyntaxError, message);
});
