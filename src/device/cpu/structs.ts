/**
 * The arguments of the compute kernels: every field once, for TypeScript and for AssemblyScript. `deno task build` makes classes of them,
 * which the kernels import from `structs`.
 *
 * B is the batch, T the time steps of a layer, I its input size, H its hidden size, V the number of symbols, G·H the width of its gates.
 *
 * - *Lanes* hold 8 examples side by side: (features, 8). Their features are rounded up to whole groups of 4, and one group more.
 * - *Panels* of 8 or 4 features hold these side by side: (rows, 8). Their rows are the examples of every time step: [T][B rounded up to 8].
 * - A *workspace* holds everything that one panel of 8 examples needs in a pass. Its buffers are given as offsets.
 *
 * @module
 */
import { ATTENTION_STRUCTS } from "./attention/attention_structs.ts";
import { type FieldType, PASS_FIELDS } from "./struct_fields.ts";

/** The fields of every struct, in order. */
export const STRUCTS = {
  /** A pass of some examples through the whole network, and back: rows.as. */
  RowsArgs: {
    ...PASS_FIELDS,
    /** One `RecurrentArgs` for each layer. */
    layers: "usize",
    layerCount: "i32",
    output: "usize",
    /** Workspaces: `slots` of them, each for `group` panels, `panelBytes` apart. */
    work: "usize",
    slots: "i32",
    panelBytes: "usize",
    /** Offsets of the characters of sources and targets in a workspace, uint8 (T, 8). */
    characters: "usize",
    targetCharacters: "usize",
    /** Characters of the sources of all examples, uint8 [T][rows], for the gradient of the looked-up rows. */
    allCharacters: "usize",
  },
  /** A recurrent layer: layer.as. */
  RecurrentArgs: {
    /** 0 LSTM, 1 GRU, 2 simple. */
    cell: "i32",
    /** Kind of input: 0 indices, 1 repeated, 2 sequence. */
    input: "i32",
    steps: "i32",
    inputSize: "i32",
    hidden: "i32",
    /** G·H. */
    width: "i32",
    /** Columns of the recurrent kernel that are multiplied with h: 2H for GRU, else all. */
    split: "i32",
    /** 1: the next layer reads every time step; 0: only the last. */
    every: "i32",
    /** 1: keeps what the way back needs. */
    keep: "i32",
    /** First time step; 1 if the first is computed once for every character: first_step.as. */
    begin: "i32",
    /** (I, G·H), row-major. */
    kernel: "usize",
    /** (G·H) */
    bias: "usize",
    /** x W: (ceil(GH / 4), I, 4) */
    packedKernel: "usize",
    /** h U: (ceil(GH / 4), H, 4); for GRU only the columns of the two gates. */
    packedRecurrent: "usize",
    /** GRU: the candidate's columns of U, (ceil(H / 4), H, 4). */
    packedCandidate: "usize",
    /** dz Wᵀ: (ceil(I / 4), GH, 4) */
    transposedKernel: "usize",
    /** dz Uᵀ: (ceil(H / 4), GH or 2H, 4) */
    transposedRecurrent: "usize",
    /** GRU: (ceil(H / 4), H, 4) */
    transposedCandidate: "usize",
    /** Offsets in the workspace, and bytes from time step to time step. Characters of the sources, uint8 (T, 8). */
    characters: "usize",
    /** Gates after their activations, lanes of G·H; on the way back they become dz. */
    gates: "usize",
    gateStep: "usize",
    /** LSTM: cell states and their tanh, lanes of H. */
    cells: "usize",
    squashed: "usize",
    cellStep: "usize",
    /** Hidden states, lanes of H. */
    states: "usize",
    stateStep: "usize",
    /** Input of a repeated or sequence layer, lanes of I. */
    inputs: "usize",
    inputStep: "usize",
    /** x W + b of a repeated input, lanes of G·H; on the way back the sum of dz over time. */
    projected: "usize",
    /** GRU: r · h, lanes of H; on the way back its gradient. */
    reset: "usize",
    /** Gradient of the hidden states, lanes of H. */
    dStates: "usize",
    dStateStep: "usize",
    /** LSTM: dc; GRU: the part of dh that passes by the gates. Lanes of H. */
    carried: "usize",
    /** Gradient of the input, lanes of I. */
    dInputs: "usize",
    dInputStep: "usize",
    /** Rows of a time step in the panels, and bytes from panel to panel: those of 4 features; those of 8 are twice as large. */
    rows: "i32",
    panelStride: "usize",
    /** Hidden states: panels of 4. */
    statePanels: "usize",
    /** GRU: r · h, in the same form. */
    resetPanels: "usize",
    /** dz: panels of 8. */
    dzPanels: "usize",
    /** GRU: the candidate's dz, in the same form. */
    dzCandidatePanels: "usize",
    /** Sum of dz over time, for a repeated input: panels of 8, with the rows of one time step. */
    dzSumPanels: "usize",
    dzSumCandidatePanels: "usize",
    dzSumStride: "usize",
    /** h U of the first time step, one row for each character: (V, G·H); for GRU the candidate's columns are zeros. */
    firstProducts: "usize",
    /** LSTM: c of the first time step; GRU: h. One row for each character: (V, H). */
    firstStates: "usize",
    /** What the second time step leaves in `carried`, lanes [panel], if the first is computed once for every character. */
    allCarried: "usize",
  },
  /** The dense layer, softmax and loss: dense.as, cross_entropy.as. */
  OutputArgs: {
    steps: "i32",
    inputSize: "i32",
    /** V. */
    classes: "i32",
    /** (ceil(V / 4), I, 4) */
    packedKernel: "usize",
    bias: "usize",
    /** (ceil(I / 4), V, 4) */
    transposedKernel: "usize",
    /** Offsets in the workspace, and bytes from time step to time step: the input, lanes of I. */
    inputs: "usize",
    inputStep: "usize",
    /** Logits, lanes of V; then probabilities, then the gradient of the logits. */
    logits: "usize",
    logitStep: "usize",
    /** Gradient of the input, lanes of I. */
    dInputs: "usize",
    dInputStep: "usize",
    /** Factor of the gradient: 1 / the number of counted characters of the batch. */
    scale: "f32",
    /** Label smoothing ε. */
    smoothing: "f32",
    /** Gradient of the logits: panels of 8. */
    rows: "i32",
    dPanels: "usize",
    dPanelStride: "usize",
    /** Sums of every panel, float64 (panels, 3): loss, correct characters, correct examples; 0: no targets. */
    sums: "usize",
    /** The most probable characters, uint8 (B, T); 0: not wanted. */
    answers: "usize",
    /** Their probabilities, float32 (B, T); 0: not wanted. */
    confidence: "usize",
    /** All probabilities, float32 (B, T, V); 0: not wanted. */
    probabilities: "usize",
  },
  ...ATTENTION_STRUCTS,
  /** The first time step, once for every character: first_step.as. */
  FirstStepArgs: {
    /** A `RecurrentArgs` of two time steps. */
    layer: "usize",
    /** Workspaces of the panels of characters, `panelBytes` apart. */
    work: "usize",
    panelBytes: "usize",
    /** V. */
    characters: "i32",
    /** Gradient of the kernel (V, G·H), to which the way back adds. */
    dKernel: "usize",
  },
  /** Sums of lanes by the first character: first_step.as. */
  SumCarriedArgs: {
    /** First characters, uint8 (B). */
    characters: "usize",
    examples: "i32",
    /** Number of symbols of sources, V. */
    rows: "i32",
    features: "i32",
    /** Lanes [panel of examples]. */
    from: "usize",
    /** Lanes [panel of characters], `toStride` bytes apart. */
    to: "usize",
    toStride: "usize",
  },
  /** The gradient of looked-up rows: scatter.as. */
  ScatterArgs: {
    /** uint8 [T][rows] */
    characters: "usize",
    examples: "i32",
    steps: "i32",
    /** The time step to begin with. */
    begin: "i32",
    /** Rows of a time step. */
    rows: "i32",
    /** dz: panels of 8, `panelStride` bytes apart. */
    panels: "usize",
    panelStride: "usize",
    columns: "i32",
    /** Panels of 8 columns of one task. */
    group: "i32",
    /** Number of symbols of sources, V. */
    classes: "i32",
    /** dW (V, …), row-major, rows `outStride` bytes apart; the address of the first column. */
    out: "usize",
    outStride: "usize",
    /** Scratch of (V, 8) for each panel of columns. */
    sums: "usize",
    /** dz of the second time step, summed by first character: lanes [panel of characters], `firstStride` bytes apart; 0: not wanted. */
    first: "usize",
    firstStride: "usize",
  },
  /** The gradient of a bias whose layer looks rows up: the sum of the kernel's gradient over its rows. */
  SumRowsArgs: {
    /** (rows, columns), row-major. */
    from: "usize",
    rows: "i32",
    columns: "i32",
    out: "usize",
    /** Sums of squares of the tasks, float64. */
    squares: "usize",
  },
  /** A product over all rows, written row-major: product.as. */
  ProductArgs: {
    /** The output's columns: panels of 8, `aStride` bytes apart. */
    a: "usize",
    aStride: "usize",
    /** The output's rows: panels of 4, `bStride` bytes apart. */
    b: "usize",
    bStride: "usize",
    /** Rows `outStride` bytes apart. */
    out: "usize",
    outStride: "usize",
    depth: "i32",
    columns: "i32",
    rows: "i32",
    /** Panels of columns of one task. They share each read of B, which comes from memory for large batches. */
    group: "i32",
    /** 128 bytes for each panel of columns, for incomplete tiles. */
    edges: "usize",
    /** Sum of A over its rows: the gradient of the bias; 0: not wanted. */
    bias: "usize",
  },
  /** A call of Adam for all parameters: adam.as. */
  AdamArgs: {
    /** learningRate · √(1 - beta2^step) / (1 - beta1^step) */
    alpha: "f32",
    /** Factor of matrices. */
    decay: "f32",
    /** 1 - beta1 */
    firstRate: "f32",
    /** 1 - beta2 */
    secondRate: "f32",
    epsilon: "f32",
    /** Largest norm of all gradients; 0: no limit. */
    clipNorm: "f32",
    /** Sums of squares of the gradients, float64, and their number. */
    squares: "usize",
    squareCount: "i32",
    /** One `PartArgs` for each part of a parameter, then a sentinel. */
    parts: "usize",
  },
  /** Some columns of a parameter, and its packed copies. A task takes `taskRows` of its rows. */
  PartArgs: {
    /** Number of the first task. */
    firstTask: "i32",
    taskRows: "i32",
    rows: "i32",
    columns: "i32",
    /** Bytes from row to row. */
    stride: "usize",
    /** Addresses of the first column. */
    parameter: "usize",
    m: "usize",
    v: "usize",
    gradient: "usize",
    /** 1: a matrix, which decays. */
    decays: "i32",
    /** (ceil(columns / 4), rows, 4); 0: none. */
    forward: "usize",
    /** (ceil(rows / 4), columns, 4); 0: none. */
    transposed: "usize",
  },
  /** A list of parts. */
  PackArgs: {
    parts: "usize",
  },
  /** Sums of squares of a list of values: adam.as. */
  SquaresArgs: {
    values: "usize",
    count: "i32",
    /** Values of one task. */
    chunk: "i32",
    /** float64 (tasks) */
    sums: "usize",
  },
  /** One activation of a list of values: apply.as. */
  ApplyArgs: {
    from: "usize",
    to: "usize",
    /** A multiple of 4. */
    count: "i32",
    /** 0: exp, 1: sigmoid, 2: tanh. */
    activation: "i32",
  },
  /** Rows that are reduced by orthonormal rows: orthonormal.as. */
  ReduceRowsArgs: {
    /** Orthonormal rows. */
    done: "usize",
    doneCount: "i32",
    /** Rows to reduce. */
    rows: "usize",
    rowCount: "i32",
    stride: "usize",
    length: "i32",
    /** Coefficients, float64 (tasks, 16 / 4, 128, 4). */
    coefficients: "usize",
  },
  /** A few rows that are made orthonormal. */
  OrthonormalizeArgs: {
    rows: "usize",
    count: "i32",
    stride: "usize",
    length: "i32",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldType>>>>;

/** The name of a struct. */
export type StructName = keyof typeof STRUCTS;

/** A value for every field of a struct. */
export type StructValues<Name extends StructName> = Readonly<
  Record<keyof typeof STRUCTS[Name], number>
>;

/** Gives the bytes of a struct. */
export function structBytes(name: StructName): number {
  return 4 * Object.keys(STRUCTS[name]).length;
}

/** Gives the place of a field in its struct, in bytes. */
export function fieldOffset<Name extends StructName>(
  name: Name,
  field: keyof typeof STRUCTS[Name] & string,
): number {
  return 4 * Object.keys(STRUCTS[name]).indexOf(field);
}

/** Writes a struct into a memory. */
export function writeStruct<Name extends StructName>(
  memory: WebAssembly.Memory,
  { name, address, values }: {
    readonly name: Name;
    readonly address: number;
    readonly values: StructValues<Name>;
  },
): void {
  const fields = Object.entries(STRUCTS[name]) as [keyof typeof STRUCTS[Name], FieldType][];
  const integers = new Int32Array(memory.buffer, address, fields.length);
  const floats = new Float32Array(memory.buffer, address, fields.length);
  fields.forEach(([field, type], i) => {
    (type === "f32" ? floats : integers)[i] = values[field];
  });
}

/** Writes the structs as classes of AssemblyScript, for the compiler. */
export function structsSource(): string {
  return Object.entries(STRUCTS).map(([name, fields]) =>
    `@unmanaged export class ${name} {\n${
      Object.entries(fields).map(([field, type]) => `  ${field}: ${type};\n`).join("")
    }}\n`
  ).join("\n");
}
