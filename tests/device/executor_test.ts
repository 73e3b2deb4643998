import { assert, assertEquals, assertMatch } from "@std/assert";
import type { BatchFigures, Device, Executor, OptimizerState } from "../../src/device/executor.ts";
import { nameOptimizerState } from "../../src/device/optimizer.ts";
import { assertClose } from "../assert_close.ts";
import { testOnEveryDevice } from "../devices.ts";
import { markCounted } from "../../src/device/reference/counted_positions.ts";
import type { Network } from "../../src/network/network.ts";
import { SMALL_ATTENTION, TINY_ATTENTION } from "../describe_attention.ts";
import {
  ADAM,
  drawRows,
  makeAttentionTrial,
  makeExamples,
  makeTrial,
  makeValues,
  SMALL,
  takeSteps,
  TINY,
  type Trial,
} from "./trial.ts";

/** A small model of each decoder, and a tiny one. */
const MODELS: readonly (readonly [Trial<Network>, Trial<Network>])[] = [
  [makeTrial(SMALL), makeTrial(TINY)],
  [makeAttentionTrial(SMALL_ATTENTION), makeAttentionTrial(TINY_ATTENTION)],
];

for (const [TRIAL, TINY_TRIAL] of MODELS) {
  const { decoder } = TRIAL.network;
  const EXAMPLES = makeExamples(TRIAL.network, 29);
  const { inputLength: T_IN, outputLength: T_OUT, targetVocabularySize: V } = TRIAL.network;

  /** 7 batches of 5 rows, and one of 3. */
  const PLAN = { order: drawRows(EXAMPLES.count, 38), batchSize: 5 };

  const load = (device: Device): Promise<Executor> => device.load(TRIAL.network, TRIAL.values);

  testOnEveryDevice(
    `load() gives an executor with the device's report (${decoder})`,
    async (device) => {
      const executor = await load(device);
      assertEquals(executor.report, device.report);
      assertEquals(executor.network, TRIAL.network);
      assertEquals([executor.disposed, executor.changes], [false, 0]);
      assert(executor.examplesAtOnce >= 1);
      executor[Symbol.dispose]();
      assertEquals(executor.disposed, true);
      executor[Symbol.dispose](); // a second time is no error
    },
  );

  testOnEveryDevice(
    `findMisfit() finds nothing wrong with a small model (${decoder})`,
    (device) => {
      assertEquals(device.findMisfit(TRIAL.network, 64), undefined);
      return Promise.resolve();
    },
  );

  testOnEveryDevice(
    `readState() gives the values that were loaded, bit for bit (${decoder})`,
    async (device) => {
      using executor = await load(device);
      const names = TRIAL.network.parameters.map(({ name }) => name);
      const state = await executor.readState();
      assertEquals(state.map(({ name }) => name), names);
      assertEquals(
        state.map(({ shape }) => shape),
        TRIAL.network.parameters.map(({ shape }) => shape),
      );
      assertEquals(state.map(({ values }) => values), TRIAL.values);
    },
  );

  testOnEveryDevice(
    `readState() gives an optimiser's state, zeros or as given (${decoder})`,
    async (device) => {
      using executor = await load(device);
      using fresh = executor.createOptimizer(ADAM);
      const count = TRIAL.values.length;
      const zeros = (await executor.readState(fresh)).slice(count);
      assertEquals(
        zeros.map(({ name }) => name),
        nameOptimizerState("adam", TRIAL.network.parameters),
      );
      assert(zeros.every(({ values }) => values.every((value) => value === 0)));
      const given = zeros.map(({ values }, i) => values.map((_, n) => i + n / 7));
      using restored = executor.createOptimizer(ADAM, given);
      const read = (await executor.readState(restored)).slice(count);
      assertEquals(read.map(({ values }) => values), given);
    },
  );

  testOnEveryDevice(`writeParameters() overwrites every value (${decoder})`, async (device) => {
    using executor = await load(device);
    const others = makeValues(TRIAL.network, 9);
    executor.writeParameters(others);
    assertEquals((await executor.readState()).map(({ values }) => values), others);
    assertEquals(executor.changes, 1);
  });

  testOnEveryDevice(
    `an executor copies what it is given and what it gives (${decoder})`,
    async (device) => {
      const values = TRIAL.values.map((each) => each.slice());
      const examples = {
        ...EXAMPLES,
        sources: EXAMPLES.sources.slice(),
        targets: EXAMPLES.targets.slice(),
      };
      using executor = await device.load(TRIAL.network, values);
      using held = executor.hold(examples);
      const moments = [...values, ...values].map((each) => each.slice().fill(1));
      using optimizer = executor.createOptimizer(ADAM, moments);
      const order = PLAN.order.slice();
      using steps = executor.begin({
        ...{ examples: held, optimizer, order, batchSize: 5 },
        ...{ from: 0, step: 0, learningRate: () => 0.01 },
      });
      const before = await executor.measure(held, { from: 0, to: held.count, answers: true });
      for (const given of [...values, ...moments]) given.fill(NaN);
      examples.sources.fill(0);
      examples.targets.fill(0);
      order.fill(0);
      for (const { values } of await executor.readState(optimizer)) values.fill(NaN);
      assertEquals(
        await executor.measure(held, { from: 0, to: held.count, answers: true }),
        before,
      );
      while (steps.left > 0) steps.take();
      const figures = await steps.settle();
      using again = await load(device);
      using heldAgain = again.hold(EXAMPLES);
      using same = again.createOptimizer(
        ADAM,
        [...TRIAL.values, ...TRIAL.values].map((each) => each.slice().fill(1)),
      );
      const plan = { ...PLAN, examples: heldAgain, optimizer: same, learningRate: () => 0.01 };
      assertEquals(figures, await takeSteps(again, plan));
    },
  );

  testOnEveryDevice(
    `figures come in the order of the steps, and none is lost (${decoder})`,
    async (device) => {
      using executor = await load(device);
      using held = executor.hold(EXAMPLES);
      using optimizer = executor.createOptimizer(ADAM);
      const asked = new Set<number>();
      const learningRate = (step: number): number => {
        asked.add(step);
        return 0; // the parameters stay, so that every step's figures can be measured alone
      };
      const plan = { ...PLAN, examples: held, optimizer, learningRate, from: 2, step: 40 };
      const steps = executor.begin(plan);
      const figures: BatchFigures[] = [];
      for (let left = 6; left > 0;) {
        assertEquals(steps.left, left);
        const taken = steps.take(4);
        assert(taken >= 1 && taken <= Math.min(4, left));
        left -= taken;
        if (left % 2 === 0) figures.push(...await steps.figures());
      }
      figures.push(...await steps.settle());
      assertEquals(await steps.settle(), []);
      steps[Symbol.dispose]();
      assertEquals([...asked].sort(), [41, 42, 43, 44, 45, 46]);
      assertEquals(executor.changes, 6);
      assertEquals(figures.length, 6);
      for (const [i, found] of figures.entries()) {
        const rows = PLAN.order.subarray(5 * (i + 2), 5 * (i + 3));
        assertClose(
          Object.values(found),
          Object.values((await executor.differentiate(held, rows)).figures),
          `figures of batch ${i + 2}`,
        );
      }
    },
  );

  testOnEveryDevice(
    `no figures are lost if nobody asks for them for many steps (${decoder})`,
    async (device) => {
      const { network, values } = TINY_TRIAL;
      using executor = await device.load(network, values);
      using held = executor.hold(makeExamples(network, 29));
      const order = drawRows(29, 300);
      const run = async (settleEach: boolean): Promise<BatchFigures[]> => {
        executor.writeParameters(values);
        using optimizer = executor.createOptimizer(ADAM);
        const plan = { order, batchSize: 1, examples: held, optimizer, from: 0, step: 0 };
        using steps = executor.begin({ ...plan, learningRate: () => 0.001 });
        const figures: BatchFigures[] = [];
        while (steps.left > 0) {
          steps.take();
          if (settleEach) figures.push(...await steps.settle());
        }
        return [...figures, ...await steps.settle()];
      };
      const figures = await run(false);
      assertEquals(figures.length, 300);
      assertEquals(figures, await run(true));
    },
  );

  testOnEveryDevice(
    `what is asked for after steps were taken is of the parameters after them (${decoder})`,
    async (device) => {
      using executor = await load(device);
      using held = executor.hold(EXAMPLES);
      const learningRate = (step: number): number => 0.01 / step;
      const plan = { ...PLAN, examples: held, from: 0, step: 0, learningRate };
      const ask = async (optimizer: OptimizerState): Promise<unknown> =>
        await Promise.all([
          executor.measure(held, { from: 0, to: held.count, answers: true }),
          executor.answer(EXAMPLES.sources, { probabilities: true }),
          executor.differentiate(held, PLAN.order),
          executor.readState(optimizer),
        ]);
      using optimizer = executor.createOptimizer(ADAM);
      {
        using steps = executor.begin({ ...plan, optimizer });
        while (steps.left > 0) steps.take();
      } // nobody waits for the steps, or asks for their figures
      const found = await ask(optimizer);
      executor.writeParameters(TRIAL.values);
      using other = executor.createOptimizer(ADAM);
      await takeSteps(executor, { ...plan, optimizer: other });
      assertEquals(found, await ask(other));
    },
  );

  testOnEveryDevice(
    `disposing of an executor ends what is under way (${decoder})`,
    async (device) => {
      const executor = await load(device);
      const held = executor.hold(EXAMPLES);
      const optimizer = executor.createOptimizer(ADAM);
      const plan = { ...PLAN, examples: held, optimizer, from: 0, step: 0 };
      const steps = executor.begin({ ...plan, learningRate: () => 0.01 });
      steps.take();
      const underWay = [
        steps.settle(),
        executor.measure(held, { from: 0, to: held.count, answers: true }),
        executor.answer(EXAMPLES.sources),
        executor.readState(optimizer),
      ];
      executor[Symbol.dispose]();
      for (const result of await Promise.allSettled<unknown>(underWay)) {
        if (result.status === "fulfilled") continue;
        assertMatch(String(result.reason), /the executor was disposed of/);
      }
    },
  );

  testOnEveryDevice(
    `measure() between steps does not disturb them (${decoder})`,
    async (device) => {
      using executor = await load(device);
      using held = executor.hold(EXAMPLES);
      const run = async (between: () => Promise<unknown>): Promise<unknown> => {
        executor.writeParameters(TRIAL.values);
        using optimizer = executor.createOptimizer(ADAM);
        const plan = { ...PLAN, examples: held, optimizer, from: 0, step: 0 };
        using steps = executor.begin({ ...plan, learningRate: () => 0.01 });
        const figures: BatchFigures[] = [];
        while (steps.left > 0) {
          steps.take();
          await between();
          figures.push(...await steps.figures());
        }
        figures.push(...await steps.settle());
        return [figures, await executor.readState(optimizer)];
      };
      const alone = await run(() => Promise.resolve());
      const measured = await run(async () => {
        await executor.measure(held, { from: 3, to: 20, answers: true });
        await executor.answer(EXAMPLES.sources, { probabilities: true });
        await executor.differentiate(held, PLAN.order.subarray(0, 7));
      });
      assertEquals(measured, alone);
    },
  );

  testOnEveryDevice(
    `measure() of parts gives what measure() of all does (${decoder})`,
    async (device) => {
      using executor = await load(device);
      using held = executor.hold(EXAMPLES);
      const all = await executor.measure(held, { from: 0, to: held.count, answers: true });
      const cuts = [0, 1, 2, 9, 17, 28, 29];
      const parts = await Promise.all(
        cuts.slice(1).map((to, i) => executor.measure(held, { from: cuts[i]!, to, answers: true })),
      );
      const sum = (of: (part: typeof all) => number): number =>
        parts.reduce((a, b) => a + of(b), 0);
      assertClose([sum(({ loss }) => loss)], [all.loss], "loss");
      assertEquals(sum(({ characters }) => characters), all.characters);
      assertEquals(sum(({ exactMatches }) => exactMatches), all.exactMatches);
      assertEquals(parts.flatMap(({ answers }) => [...answers!]), [...all.answers!]);
      const without = await executor.measure(held, { from: 0, to: held.count, answers: false });
      assertEquals(without, {
        loss: all.loss,
        counted: all.counted,
        characters: all.characters,
        exactMatches: all.exactMatches,
      });
      const range = { from: 9, to: 28, answers: false, confidence: true };
      const { answers, confidence } = await executor.measure(held, range);
      assertEquals(answers, undefined);
      const asked = await executor.answer(EXAMPLES.sources.subarray(9 * T_IN, 28 * T_IN));
      assertClose(confidence!, asked.confidence, "confidence");
    },
  );

  testOnEveryDevice(
    `an answer does not depend on those that are asked for with it (${decoder})`,
    async (device) => {
      using executor = await load(device);
      const together = await executor.answer(EXAMPLES.sources, { probabilities: true });
      for (const i of [0, 7, 28]) {
        const source = EXAMPLES.sources.subarray(i * T_IN, (i + 1) * T_IN);
        const { characters, confidence, probabilities } = await executor.answer(source);
        assertEquals(probabilities, undefined);
        assertEquals(characters, together.characters.slice(i * T_OUT, (i + 1) * T_OUT));
        assertClose(
          confidence,
          together.confidence.slice(i * T_OUT, (i + 1) * T_OUT),
          "confidence",
        );
      }
    },
  );

  testOnEveryDevice(
    `of equally probable characters the first is the answer (${decoder})`,
    async (device) => {
      const zeros = TRIAL.values.map((each) => each.slice().fill(0));
      using executor = await device.load(TRIAL.network, zeros);
      const { characters, confidence } = await executor.answer(EXAMPLES.sources);
      assertEquals(characters, new Uint8Array(EXAMPLES.count * T_OUT));
      assertClose(confidence, new Array(EXAMPLES.count * T_OUT).fill(1 / V), "confidence");
      using held = executor.hold(EXAMPLES);
      const { characters: right } = await executor.measure(held, {
        from: 0,
        to: held.count,
        answers: false,
      });
      const counted = markCounted(TRIAL.network, Int32Array.from(EXAMPLES.targets));
      assertEquals(
        right,
        EXAMPLES.targets.filter((target, i) => target === 0 && counted[i] === 1).length,
      );
    },
  );

  testOnEveryDevice(`a batch may hold one example many times (${decoder})`, async (device) => {
    using executor = await load(device);
    using held = executor.hold(EXAMPLES);
    const one = await executor.differentiate(held, Uint32Array.of(4));
    const many = await executor.differentiate(held, new Uint32Array(19).fill(4));
    assertClose([many.figures.loss], [one.figures.loss], "loss");
    one.gradients.forEach((gradient, i) =>
      assertClose(many.gradients[i]!, gradient, TRIAL.network.parameters[i]!.name)
    );
  });

  testOnEveryDevice(
    `examples and optimisers of one executor are held side by side (${decoder})`,
    async (device) => {
      using executor = await load(device);
      const measure = async (count: number, seed: number): Promise<number> => {
        using held = executor.hold(makeExamples(TRIAL.network, count, seed));
        return (await executor.measure(held, { from: 0, to: count, answers: false })).loss;
      };
      const alone = [await measure(40, 5), await measure(11, 6)];
      using first = executor.hold(makeExamples(TRIAL.network, 40, 5));
      using second = executor.hold(makeExamples(TRIAL.network, 11, 6));
      const range = { from: 0, answers: false };
      assertEquals((await executor.measure(first, { ...range, to: 40 })).loss, alone[0]);
      assertEquals((await executor.measure(second, { ...range, to: 11 })).loss, alone[1]);
    },
  );

  testOnEveryDevice(
    `a batch larger than the order has the order's rows (${decoder})`,
    async (device) => {
      const take = async (batchSize: number): Promise<unknown> => {
        using executor = await load(device);
        using held = executor.hold(EXAMPLES);
        using optimizer = executor.createOptimizer(ADAM);
        const order = Uint32Array.of(3, 3, 0, 8); // a row may occur twice
        const figures = await takeSteps(executor, { examples: held, optimizer, order, batchSize });
        return { figures, state: await executor.readState(optimizer) };
      };
      assertEquals(await take(2 ** 31), await take(4));
    },
  );
}
