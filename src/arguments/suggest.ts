/** Suggests a known name for an unknown one. @module */
import { closest, distance } from "fastest-levenshtein";

/** Suggests the nearest of some names, if it is near enough: `; did you mean "epochs"?`. */
export function suggest(name: string, names: readonly string[]): string {
  const nearest = closest(name, [...names]);
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? `; did you mean "${nearest}"?`
    : "";
}
