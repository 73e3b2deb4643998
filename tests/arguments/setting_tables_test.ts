import { assert, assertEquals, assertMatch } from "@std/assert";
import { type AnySettings, describeSetting, flagOf } from "../../src/arguments/setting.ts";
import { describeOptions, readTypedSettings } from "../../src/cli/typed_settings.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { MODEL_SETTINGS } from "../../src/network/config.ts";
import { PROBLEMS } from "../../src/problem/registry.ts";
import { TRAINING_SETTINGS } from "../../src/training/options.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";

/** Every table of settings. */
const TABLES: Readonly<Record<string, AnySettings>> = {
  training: TRAINING_SETTINGS,
  model: MODEL_SETTINGS,
  ...Object.fromEntries(PROBLEMS.map(({ name, options }) => [`problem ${name}`, options])),
};

/** What is typed for settings whose default cannot be typed, or that have none, and what it is read as. */
const TYPED: Readonly<Record<string, readonly [text: string, value: unknown]>> = {
  examples: ["500", 500],
  stopAt: ["exactMatch=99%", { metric: "exactMatch", value: 0.99 }],
  data: ["pairs.tsv", "pairs.tsv"],
  validation: ["a/b.jsonl", "a/b.jsonl"],
  test: ["none", "none"],
  questionColumn: ["word", "word"],
  answerColumn: ["2", "2"],
  featureColumns: ["pos,tense", ["pos", "tense"]],
  minCount: ["3", 3],
  decoder: ["attention", "attention"],
  encoderLayers: ["2", 2],
  bidirectional: ["on", true],
  embeddingSize: ["64", 64],
  split: ["20%", 0.2],
};

for (const [table, settings] of Object.entries(TABLES)) {
  for (const [name, setting] of Object.entries(settings)) {
    Deno.test(`the setting ${name} of ${table} has a title, a help, a rule, and a value that can be typed`, () => {
      const { title, help, must, placeholder } = setting;
      assertMatch(title, /^[A-Z]/);
      assertMatch(help, /^\S.*[^.\s]$/);
      assertMatch(describeSetting(setting), /[^.]$/);
      assert(must !== "" && /^\S+$/.test(placeholder), must);
      assertMatch(flagOf(name, setting), /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      for (const value of exampleValues(name, settings)) {
        assertEquals(setting.findFault(value), undefined, `${value}`);
        assertEquals(setting.read(setting.write(value)), value);
      }
      const [text, value] = TYPED[name] ?? [];
      if (text !== undefined) assertEquals(setting.read(text), value);
    });
  }

  Deno.test(`the settings of ${table} have options with different names, which are read by them`, () => {
    const specs = describeOptions(settings);
    assertEquals(new Set(specs.map(({ name }) => name)).size, specs.length);
    for (const name of Object.keys(settings)) {
      const [value] = exampleValues(name, settings);
      const flag = flagOf(name, settings[name]!);
      const typed = parseOptions([`--${flag}=${settings[name]!.write(value)}`], specs);
      assertEquals(readTypedSettings<Record<string, unknown>>(typed, settings), { [name]: value });
    }
  });
}

/** Gives values of a setting: its default, those of the recipes, or the typed one. */
function exampleValues(name: string, settings: AnySettings): unknown[] {
  if (settings === TABLES.training) {
    const { recipes } = TRAINING_SETTINGS[name as "epochs"];
    return [recipes.fast, recipes.notebook];
  }
  if (Object.hasOwn(TYPED, name)) return [TYPED[name]![1]];
  const { default: value } = settings[name]!;
  assert(value !== undefined, `${name} needs a value in this test`);
  return [value];
}

Deno.test("every training option says whether it may change, and those of the position do not", () => {
  const changes = Object.groupBy(
    Object.entries(TRAINING_SETTINGS),
    ([, { change }]) => change,
  );
  const names = (change: "never" | "library" | "resume"): string[] =>
    changes[change]!.map(([name]) => name);
  assertEquals(names("resume"), ["epochs", "stopAt", "patience"]);
  for (const name of ["batchSize", "schedule", "swap", "weighted", "fresh", "seed"]) {
    assert(names("never").includes(name), name);
  }
});

Deno.test("resolveTraining() gives the values of the table for both recipes", () => {
  for (const recipe of ["fast", "notebook"] as const) {
    const resolved: Readonly<Record<string, unknown>> = { ...resolveTraining({ recipe }) };
    for (const [name, { recipes }] of Object.entries(TRAINING_SETTINGS)) {
      assertEquals(resolved[name], recipes[recipe], name);
    }
  }
});
