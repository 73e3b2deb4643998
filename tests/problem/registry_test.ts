import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkTextLayout } from "../../src/codec/layout.ts";
import { createProblem, findKind, PROBLEMS, resolveProblem } from "../../src/problem/registry.ts";

const GENERATED = PROBLEMS.filter(({ layOut }) => layOut !== undefined);

Deno.test("every kind of problem has its own name, and settings that are described", () => {
  assertEquals(new Set(PROBLEMS.map(({ name }) => name)).size, PROBLEMS.length);
  for (const { name, summary, options } of PROBLEMS) {
    assertEquals(findKind(name).name, name);
    assert(/^[a-z]/.test(summary) && !summary.endsWith("."), summary);
    for (const [option, { help, title, must }] of Object.entries(options)) {
      assert(
        /^[A-Z]/.test(title) && /^(Unicode|[a-z-])/.test(help) && must !== "",
        `${name} ${option}`,
      );
      assert(option !== "name" && option !== "seed");
    }
  }
});

Deno.test("the settings of a problem are JSON, and make the same problem again", () => {
  for (const kind of GENERATED) {
    const settings = resolveProblem({ name: kind.name, seed: 4 });
    const again = resolveProblem(JSON.parse(JSON.stringify(settings)));
    assertEquals(again, settings);
    const layout = kind.layOut!(settings, kind.reverse);
    checkTextLayout("test", layout.source);
    checkTextLayout("test", layout.target);
    const problem = createProblem(again, layout);
    assertEquals(problem.settings, settings);
    assert(problem.groupings.length > 0);
    assertEquals(new Set(problem.groupings.map(({ name }) => name)).size, problem.groupings.length);
    let made = 0;
    for (const { question, answer } of problem.generated!.examples()) {
      assert(question !== "" && answer !== "");
      if (++made === 100) break;
    }
  }
});

Deno.test("findKind() suggests the nearest name, or lists all", () => {
  assertThrows(() => findKind("additon"), RangeError, 'did you mean "addition"?');
  assertThrows(() => findKind("chess"), RangeError, "the problem must be one of addition");
  assertThrows(() => findKind(undefined), RangeError, "the problem must be one of addition");
  assertThrows(() => findKind("constructor"), RangeError);
  assertThrows(() => resolveProblem(null as unknown as Record<string, unknown>), TypeError);
});
