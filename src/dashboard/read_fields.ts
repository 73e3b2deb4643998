/** The fields of a JSON object that somebody sent. @module */
import { Refusal } from "./refusal.ts";

/**
 * Gives the values of some fields, undefined for those that are not there; whatever else is there is a mistake.
 *
 * @throws {Refusal} 400 if it is no object, or has another field
 */
export function readFields<Name extends string>(
  body: unknown,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Refusal(400, `Cannot read the body: it must be an object with ${names.join(", ")}`);
  }
  const fields: Partial<Record<Name, unknown>> = {};
  for (const [key, value] of Object.entries(body)) {
    const name = names.find((candidate) => candidate === key);
    if (name === undefined) {
      throw new Refusal(400, `Cannot read the body: its fields are ${names.join(", ")} alone`);
    }
    fields[name] = value;
  }
  return fields;
}
