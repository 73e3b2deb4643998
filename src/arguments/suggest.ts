/** The name that was meant by one that is not known. @module */
import { closest, distance } from "fastest-levenshtein";

/** Names the nearest of some names, if it is near enough to be what was meant: `; did you mean "epochs"?`. */
export function suggest(name: string, names: readonly string[]): string {
  const nearest = closest(name, [...names]);
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? `; did you mean "${nearest}"?`
    : "";
}
