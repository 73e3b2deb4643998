/** Structs of a shader, stated once: their text in WGSL, and how the host fills them. @module */

/** Types of a field; each takes 4 bytes. */
export type FieldType = "u32" | "f32";

/** A struct of the shaders that the host fills. */
export interface Struct<Field extends string> {
  /** Its declaration in WGSL. */
  readonly wgsl: string;
  /** Its size, a multiple of 16, as a uniform needs it. */
  readonly sizeBytes: number;
  /** Gives its bytes. */
  pack(values: Readonly<Record<Field, number>>): Uint8Array<ArrayBuffer>;
}

/** Describes a struct. @param fields its fields in order, with their types */
export function defineStruct<Field extends string>(
  name: string,
  fields: Readonly<Record<Field, FieldType>>,
): Struct<Field> {
  const entries = Object.entries(fields) as [Field, FieldType][];
  const sizeBytes = 16 * Math.ceil(entries.length / 4);
  return {
    wgsl: `struct ${name} { ${entries.map(([field, type]) => `${field}: ${type}`).join(", ")} }`,
    sizeBytes,
    pack(values): Uint8Array<ArrayBuffer> {
      const view = new DataView(new ArrayBuffer(sizeBytes));
      for (const [i, [field, type]] of entries.entries()) {
        if (type === "u32") view.setUint32(4 * i, values[field], true);
        else view.setFloat32(4 * i, values[field], true);
      }
      return new Uint8Array(view.buffer);
    },
  };
}
