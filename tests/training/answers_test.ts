import { assert, assertEquals } from "@std/assert";
import { readExample } from "../../src/dataset/dataset.ts";
import { createModel } from "../../src/model/create_model.ts";
import { predict } from "../../src/model/predict.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { testOnEveryDevice } from "../devices.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS } from "../tiny_training.ts";

testOnEveryDevice(
  "train() reports how the validation split was answered, where asked",
  async (device) => {
    const split = makeTinySplit();
    const { validation } = split;
    using model = await createModel(TINY_MODEL, { device, seed: 5 });
    using training = createTraining(model, { ...TINY_OPTIONS, epochs: 2 });
    let answered: Uint8Array | undefined;
    let epochs = 0;
    for await (const event of train(training, split, { answers: true })) {
      if (event.event === "answers") answered = event.answers;
      if (event.event === "samples") {
        for (const { guess, probability, characterProbabilities } of event.samples) {
          assertEquals(characterProbabilities.length, guess.length);
          assert(characterProbabilities.reduce((p, q) => p * q, 1) >= probability - 1e-6);
        }
      }
      if (event.event !== "epoch") continue;
      epochs++;
      const right = Array.from({ length: validation.count }, (_, i) => i).filter((i) =>
        [0, 1].every((t) => answered![2 * i + t] === validation.targets[2 * i + t])
      );
      assertEquals(right.length / validation.count, event.exactMatch);
    }
    assertEquals(epochs, 2);
    const questions = Array.from(
      { length: validation.count },
      (_, i) => readExample(validation, i).question,
    );
    const predicted = await predict(model, questions);
    const texts = predicted.map((_, i) => model.target.read(answered!.subarray(2 * i, 2 * i + 2)));
    assertEquals(texts, predicted.map(({ answer }) => answer));
  },
);
