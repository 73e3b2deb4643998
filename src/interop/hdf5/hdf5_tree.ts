/** The content of an HDF5 file as data. @module */

/** A group: groups and datasets by name, and attributes. */
export interface Hdf5Group {
  readonly type: "group";
  readonly attributes: Hdf5Attributes;
  readonly members: ReadonlyMap<string, Hdf5Group | Hdf5Dataset>;
}

/** A dataset of numbers: a scalar has the shape (). */
export interface Hdf5Dataset {
  readonly type: "dataset";
  readonly shape: readonly number[];
  /** The values, row-major. */
  readonly values: Float32Array | Int32Array;
}

/** Attributes by name: a text, a list of texts, or a number. */
export type Hdf5Attributes = ReadonlyMap<string, string | readonly string[] | number>;
