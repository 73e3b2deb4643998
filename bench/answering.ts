/**
 * Measures `predict()` of a checkout with a model of the notebook's size: one question, or many in one call.
 *
 * `echo | deno run -A bench/answering.ts --threads 2 --questions 1 --project ../older` measures one round.
 *
 * @module
 */
import { openProject, readProjectOptions } from "./project.ts";
import { answerRequests, median } from "./round.ts";
import { describeCommit } from "./setting.ts";

/** Time that a round takes at least, and calls that it makes at least. */
const ROUND_MS = 500;
const LEAST_CALLS = 2;

if (import.meta.main) {
  const { project, threads, count } = readProjectOptions(Deno.args, {
    command: "deno run -A bench/answering.ts",
    summary: "measure calls of predict() for every line of standard input",
  }, { name: "questions", otherwise: 1 });
  const { library, model } = await openProject(project, threads);
  const version = await describeCommit(project);
  const questions = Array.from({ length: count }, (_, i) => `${(7919 * i) % 1000}+${i % 1000}`);
  await answerRequests(async () => {
    const times: number[] = [];
    for (let total = 0; total < ROUND_MS || times.length < LEAST_CALLS; total += times.at(-1)!) {
      const started = performance.now();
      await library.predict(model, questions);
      times.push(performance.now() - started);
    }
    return {
      ...{ peer: "carry", version, threads, batchSize: count, losses: [] },
      hiddenSize: model.config.hiddenSize,
      parameters: library.countModelParameters(model.config),
      ...{ medianMs: median(times), minMs: Math.min(...times), steps: times.length },
    };
  });
}
