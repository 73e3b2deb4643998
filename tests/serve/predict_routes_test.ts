import { createProblem } from "../../src/problem/registry.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { predict } from "../../src/model/predict.ts";
import { LocalServer } from "../../src/serve/local_server.ts";
import type { WholeAnswer } from "../../src/serve/answer.ts";
import { createPredictRoutes } from "../../src/serve/predict_routes.ts";
import type { ServedModel } from "../../src/serve/served_model.ts";
import { Refusal } from "../../src/serve/refusal.ts";
import { canUseNetwork } from "../permissions.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

const TOKEN = "a-token-that-a-test-chose";
const PROBLEM = createProblem(TINY_PROBLEM, TINY_MODEL);
const HEALTH = { run: "run-0001", step: 28, parameters: 816 };

type Ask = (body: unknown, path?: string) => Promise<Response>;

/** A test with its own model, which is asked over HTTP. */
function testPredict(name: string, body: (ask: Ask, served: ServedModel) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canUseNetwork,
    async fn(): Promise<void> {
      const device = await chooseDevice("cpu");
      using model = await createModel(TINY_MODEL, { device, seed: 1 });
      const served: ServedModel = { model, problem: PROBLEM, health: HEALTH };
      await using server = await LocalServer.start({
        routes: new Map(createPredictRoutes(served)),
        token: TOKEN,
        ports: [0],
        reportError: (error) => {
          throw error;
        },
      });
      await body((asked, path = "/predict") =>
        fetch(`http://127.0.0.1:${server.port}${path}`, {
          method: "POST",
          headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
          body: JSON.stringify(asked),
        }), served);
    },
  });
}

testPredict(
  "POST /predict gives the answers of predict(), for one question or many",
  async (ask, { model }) => {
    const questions = Array.from({ length: 100 }, (_, i) => `${i % 10}+${Math.floor(i / 10)}`);
    const predictions = await predict(model, questions);
    assertEquals(await (await ask({ questions })).json(), { answers: predictions });
    assertEquals(await (await ask({ question: " 1 + 0 " })).json(), predictions[1]);
  },
);

testPredict(
  "POST /predict gives probabilities on request, with their characters",
  async (ask, { model }) => {
    const [prediction] = await predict(model, ["3+4"], { probabilities: true });
    const { symbols } = TINY_MODEL.target;
    assertEquals(
      await (await ask({ question: "3+4", probabilities: true })).json(),
      { ...prediction, symbols },
    );
    assertEquals(
      await (await ask({ questions: ["3+4"], probabilities: true })).json(),
      { answers: [prediction], symbols },
    );
  },
);

testPredict(
  "POST /predict accepts 1,024 questions, and says which of them is wrong and why",
  async (ask) => {
    const questions = Array.from({ length: 1024 }, () => "1+1");
    assertEquals((await (await ask({ questions })).json()).answers.length, 1024);
    const rows: [unknown, RegExp, number | undefined][] = [
      [{ questions: [...questions, "1+1"] }, /a list of 1 to 1024/, undefined],
      [{ questions: [] }, /a list of 1 to 1024/, undefined],
      [{ questions: "1+1" }, /a list of 1 to 1024/, undefined],
      [{ questions: ["1+1", "2+"] }, /Cannot read "2\+"/, 1],
      [{ questions: ["1+1", "2+2", "12+1"] }, /a number must have 1 digit,/, 2],
      [{ questions: [null] }, /must be a string/, 0],
      [{ question: ["1+1"] }, /must be a string/, 0],
      [{ question: "1".repeat(8193) }, /at most 8192 characters/, 0],
      [
        { question: "1+1", questions },
        /exactly one of the fields question and questions/,
        undefined,
      ],
      [{}, /exactly one of the fields question and questions/, undefined],
      [{ question: "1+1", probabilities: 1 }, /true or false/, undefined],
      [{ question: "1+1", probability: true }, /must have no fields but/, undefined],
      [{ question: "1+1", beam: 0 }, /beam must be an integer from 1 to 256/, undefined],
      [{ question: "1+1", beam: "2" }, /beam must be an integer from 1 to 256/, undefined],
      [{ question: "1+1", beam: 2, nBest: 3 }, /nBest must be at most the beam/, undefined],
      [{ question: "1+1", lengthPenalty: 1 }, /must be 0 with a beam of 1/, undefined],
      [{ question: "1+1", attention: true }, /must have the decoder attention/, undefined],
    ];
    for (const [body, sentence, index] of rows) {
      const response = await ask(body);
      const { error, index: found } = await response.json();
      assertEquals([response.status, sentence.test(error), found], [400, true, index], error);
    }
  },
);

testPredict("POST /predict searches as a request says", async (ask, { model }) => {
  const search = { beam: 4, nBest: 3, lengthPenalty: 0.5 };
  const [prediction] = await predict(model, ["3+4"], search);
  assertEquals(prediction!.alternatives!.length, 3);
  assertEquals(await (await ask({ question: "3+4", ...search })).json(), prediction);
});

Deno.test("POST /predict searches as the server does, if a request says nothing of it", async () => {
  const device = await chooseDevice("cpu");
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  const served = { model, problem: PROBLEM, health: HEALTH, asked: { beam: 4, nBest: 3 } };
  const { answer } = new Map(createPredictRoutes(served)).get("/predict")!;
  const ask = async (body: object): Promise<unknown> => {
    const answered = await answer({ query: "", body: { question: "3+4", ...body } });
    return JSON.parse(new TextDecoder().decode((answered as WholeAnswer).body));
  };
  assertEquals(await ask({}), (await predict(model, ["3+4"], { beam: 4, nBest: 3 }))[0]);
  assertEquals(await ask({ nBest: 2 }), (await predict(model, ["3+4"], { nBest: 2 }))[0]);
  assertEquals(await ask({ beam: 1 }), (await predict(model, ["3+4"]))[0]);
});

testPredict("GET /health needs no token, and /predict needs one", async (ask, served) => {
  const { url } = await ask({}, "/nothing").then(async (response) => {
    await response.body?.cancel();
    return response;
  });
  const health = await fetch(new URL("/health", url));
  assertEquals(await health.json(), { status: "ok", ...served.health });
  const refused = await fetch(new URL("/predict", url), { method: "POST", body: "{}" });
  await refused.body?.cancel();
  assertEquals(refused.status, 401);
});

Deno.test("POST /predict refuses a request if too many wait", async () => {
  const device = await chooseDevice("cpu");
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  const routes = createPredictRoutes({ model, problem: PROBLEM, health: HEALTH }, 1);
  const { answer } = new Map(routes).get("/predict")!;
  const asked = { query: "", body: { question: "1+1" } };
  const first = answer(asked);
  const refusal = await assertRejects(async () => await answer(asked), Refusal, "too many");
  assertEquals([refusal.status, refusal.headers["Retry-After"]], [503, "1"]);
  await first;
  await answer(asked);
});
