/** Reads the fields of a JSON object from a request. @module */
import { Refusal } from "./refusal.ts";

/**
 * Gives the values of some fields; undefined for a field that is missing.
 *
 * @throws {Refusal} 400 if the body is not an object, or has another field
 */
export function readFields<Name extends string>(
  body: unknown,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Refusal(
      400,
      `Cannot read the body: it must be a JSON object with the fields ${names.join(", ")}`,
    );
  }
  const fields: Partial<Record<Name, unknown>> = {};
  for (const [key, value] of Object.entries(body)) {
    const name = names.find((candidate) => candidate === key);
    if (name === undefined) {
      throw new Refusal(
        400,
        `Cannot read the body: it must have no fields but ${names.join(", ")}`,
      );
    }
    fields[name] = value;
  }
  return fields;
}
