import { assertEquals, assertThrows } from "@std/assert";
import { parseEvent } from "../../src/checkpoint/parse_event.ts";

Deno.test("parseEvent() reads what training reports", () => {
  const end = { event: "end", reason: "epochs", epochs: 4, exactMatch: null, checkpoint: "r" };
  assertEquals(parseEvent(JSON.stringify(end)) as unknown, end);
});

Deno.test("parseEvent() says what is wrong with what is no event", () => {
  for (
    const [line, message] of [
      ["", "JSON"],
      ["[]", "an object is needed"],
      ["null", "an object is needed"],
      ['{"event":"constructor"}', "an event must be one of start, step"],
      ['{"event":"step","epoch":1}', "step must be a finite number"],
      ['{"event":"samples","epoch":1,"samples":{}}', "a list is needed"],
      ['{"event":"samples","epoch":1,"samples":[{"question":3}]}', "question must be a text"],
      [
        '{"event":"end","epochs":1,"exactMatch":null,"reason":"tired"}',
        "its reason must be one of",
      ],
    ] as const
  ) assertThrows(() => parseEvent(line), SyntaxError, message);
});
