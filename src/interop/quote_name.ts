/** Names in foreign files, as errors quote them. @module */
import { formatJson } from "../arguments/escape.ts";

/** Length of the longest name that is quoted in full: the path of a tensor in a Keras file has up to about 90 characters. */
const MOST_QUOTED = 120;

/** Quotes a name on one line that is safe on a terminal. Of a long one, its beginning and its end. */
export function quoteName(name: string): string {
  const quoted = formatJson(name);
  if (quoted.length <= MOST_QUOTED) return quoted;
  return `${quoted.slice(0, MOST_QUOTED / 2)}…${quoted.slice(-MOST_QUOTED / 2)}`;
}
