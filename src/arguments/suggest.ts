/** Suggests a known name for an unknown one. @module */
import { closest, distance } from "fastest-levenshtein";

/** Suggests the nearest of some names, if it is near enough: `; did you mean "epochs"?`. Dashes before a name do not count. */
export function suggest(name: string, names: readonly string[]): string {
  const bare = withoutDashes(name);
  const nearest = closest(bare, names.map(withoutDashes));
  const found = names.find((each) => withoutDashes(each) === nearest);
  return found !== undefined && distance(bare, nearest) <= Math.max(2, bare.length / 3)
    ? `; did you mean "${found}"?`
    : "";
}

function withoutDashes(name: string): string {
  return name.replace(/^-+/, "");
}
