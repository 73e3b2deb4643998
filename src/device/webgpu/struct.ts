/** Structs of a shader, stated once: their text in WGSL, and how the host fills them. @module */

/** Types of a field; each takes 4 bytes. */
export type FieldType = "u32" | "f32";

/** A struct of the shaders that the host fills. */
export interface Struct<Field extends string> {
  /** Its declaration in WGSL, with fields that fill its size. */
  readonly wgsl: string;
  /** Its size, a multiple of 16, as a uniform needs it. */
  readonly sizeBytes: number;
  /** Gives the bytes of some structs in a row. */
  pack(...structs: readonly Readonly<Record<Field, number>>[]): Uint8Array<ArrayBuffer>;
}

/** Describes a struct. @param fields its fields in order, with their types */
export function defineStruct<Field extends string>(
  name: string,
  fields: Readonly<Record<Field, FieldType>>,
): Struct<Field> {
  const entries = Object.entries(fields) as [Field, FieldType][];
  const sizeBytes = 16 * Math.ceil(entries.length / 4);
  const declared = entries.map(([field, type]) => `${field}: ${type}`);
  for (let i = 0; declared.length < sizeBytes / 4; i++) declared.push(`padding_${i}: u32`);
  return {
    wgsl: `struct ${name} { ${declared.join(", ")} }`,
    sizeBytes,
    pack(...structs): Uint8Array<ArrayBuffer> {
      const view = new DataView(new ArrayBuffer(sizeBytes * structs.length));
      for (const [at, values] of structs.entries()) {
        for (const [i, [field, type]] of entries.entries()) {
          const place = at * sizeBytes + 4 * i;
          if (type === "u32") view.setUint32(place, values[field], true);
          else view.setFloat32(place, values[field], true);
        }
      }
      return new Uint8Array(view.buffer);
    },
  };
}
