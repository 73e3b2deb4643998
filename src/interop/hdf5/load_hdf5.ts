/** Loads h5wasm, the HDF5 library as WebAssembly, when a file of that format is written. Nothing that it has not written is given to it. @module */

/** The library, and the file system in memory that it has of its own: no link in a file leads out of it. */
export interface Hdf5Library {
  readonly library: typeof import("h5wasm")["default"];
  readonly files: Awaited<typeof import("h5wasm")["default"]["ready"]>["FS"];
}

let loaded: Promise<Hdf5Library> | undefined;

/** Gives the library. */
export function loadHdf5(): Promise<Hdf5Library> {
  return loaded ??= start();
}

async function start(): Promise<Hdf5Library> {
  const { default: library } = await import("h5wasm");
  const { FS: files } = await library.ready;
  return { library, files };
}
