/// <reference lib="dom" />
/** The page with a model in the browser that always answers the same: tests look at who answers. @module */
import type { Answered } from "../../src/dashboard/protocol.ts";
import { startPage } from "../../src/dashboard/page/start_page.ts";

startPage((safetensors) =>
  Promise.resolve({
    [Symbol.dispose]: () => {},
    ask(question): Answered {
      if (!question.includes("+")) throw new SyntaxError(`Cannot read "${question}": no "+" in it`);
      const probabilities = [[0.25, 0.75], [0.5, 0.5], [1, 0]];
      const step = safetensors.length;
      return {
        question,
        answer: "1",
        probability: 0.375,
        characters: " 1",
        probabilities,
        step,
      };
    },
  })
);
