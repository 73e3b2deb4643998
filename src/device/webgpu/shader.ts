/** A compute shader as text, with its buffers. @module */

/** A buffer of a shader. */
export interface Binding {
  readonly name: string;
  /** Its type in WGSL. */
  readonly type: string;
  /** `uniform` and `read`: it is only read. `write`: it is read and written. */
  readonly use: "uniform" | "read" | "write";
}

/** A shader with the entry point `main` and bindings in one group. tfjs's device allows eight that are no uniforms. */
export interface Shader {
  /** Its name in error messages. */
  readonly name: string;
  /** Its text in WGSL, without the declarations of its bindings. */
  readonly code: string;
  /** Its buffers, in the order of their bindings. */
  readonly bindings: readonly Binding[];
}

/** Writes the whole text of a shader. */
export function writeShader({ code, bindings }: Shader): string {
  const spaces = { uniform: "uniform", read: "storage, read", write: "storage, read_write" };
  const declarations = bindings.map(({ name, type, use }, i) =>
    `@group(0) @binding(${i}) var<${spaces[use]}> ${name}: ${type};`
  );
  return `${declarations.join("\n")}\n${code}`;
}

/** Gives numbers below a count. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Writes a text for every number below a count. */
export function each(count: number, write: (i: number) => string): string {
  return range(count).map(write).join("\n");
}

/** The parameters of `main`, and the number of the workgroup: two dimensions, because one takes 65,535 at most. */
export const MAIN_PARAMETERS = `
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
`;

/** Spreads workgroups over two dimensions; a few more than asked for may start. @param most limit of a dimension */
export function foldWorkgroups(count: number, most: number): [number, number] {
  const rows = Math.ceil(count / most);
  return [Math.ceil(count / Math.max(1, rows)), rows];
}
