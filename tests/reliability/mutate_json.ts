/** Changes a part of a JSON value: what text that is changed at random seldom does, because it is no JSON any more. @module */
import type { Prng } from "../../src/random/prng.ts";

/** Values that are wrong in most places, or at the end of what is right. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, "", "0", "a", "__proto__", "\ufffd", "\ud800", "a".repeat(300)],
  ...[0, 1, -1, 0.5, 2, 1e-300, 1e300, 65_536, 2 ** 31, 2 ** 53],
  ...[[], {}, [null], [[]], ["", "a"], { key: "a" }, { path: "/dev/null" }],
];

/** Names that a record does not have. */
const NAMES = ["other", "__proto__", "constructor", "reverse", "history", ""];

/** Copies a value with one part replaced, removed or added, at any depth. */
export function mutateJson(value: unknown, prng: Prng): unknown {
  if (typeof value !== "object" || value === null || prng.nextInt(5) === 0) return draw(prng);
  if (Array.isArray(value)) {
    const at = prng.nextInt(value.length + 1);
    const changed = at < value.length ? mutateJson(value[at], prng) : draw(prng);
    return value.toSpliced(at, 1, ...Array(prng.nextInt(3)).fill(changed));
  }
  const entries = Object.entries(value);
  const at = prng.nextInt(entries.length + 1);
  const [name, part] = entries[at] ?? [NAMES[prng.nextInt(NAMES.length)]!, null];
  if (at < entries.length && prng.nextInt(6) === 0) {
    return Object.fromEntries(entries.toSpliced(at, 1));
  }
  const copy = Object.fromEntries(entries);
  Object.defineProperty(copy, name, {
    ...{ value: mutateJson(part, prng), enumerable: true, configurable: true, writable: true },
  });
  return copy;
}

function draw(prng: Prng): unknown {
  return VALUES[prng.nextInt(VALUES.length)];
}
