/** The arguments of the compute kernels of networks with attention. Words and units: ../structs.ts. @module */
import { type FieldType, PASS_FIELDS } from "../struct_fields.ts";

/** The fields of every struct, in order. */
export const ATTENTION_STRUCTS = {
  /** A pass of some examples through a network with attention, and back: attention/rows.as. */
  AttentionRowsArgs: {
    ...PASS_FIELDS,
    outputLength: "i32",
    /** Index of the padding; -1: none. */
    sourcePadding: "i32",
    targetPadding: "i32",
    /** One `PanelSpanArgs` for each panel, then the number of the group that each task takes, uint32. */
    spans: "usize",
    /** Workspaces: `slots` of them, each for `group` panels, `panelBytes` apart. */
    work: "usize",
    slots: "i32",
    panelBytes: "usize",
    /** One `RecurrentArgs` for each encoder layer and direction, and one `VectorArgs` for each layer. */
    encoder: "usize",
    encoderLayers: "i32",
    directions: "i32",
    encoderVectors: "usize",
    /** One `RecurrentArgs` and one `VectorArgs` for each decoder layer. */
    decoder: "usize",
    decoderLayers: "i32",
    decoderVectors: "usize",
    /** `VectorArgs` of both embeddings. */
    sourceEmbedding: "usize",
    targetEmbedding: "usize",
    attention: "usize",
    output: "usize",
    /** Offsets in a workspace. Characters of sources and targets, uint8 (T, 8). */
    characters: "usize",
    targetCharacters: "usize",
    /** What belongs to each lane: counted time steps, int32 (8), and keys of dropout, uint32 (8). */
    lanes: "usize",
    /** All bits of a lane 1 where its source has no padding, int32 (T_in, 8). */
    masks: "usize",
    /** Gradients that pass by a masked time step: dh, then dc, lanes of H. */
    bypass: "usize",
    /** Gradient of the encoder's last states: h, then c, lanes of H. */
    dLast: "usize",
    /** Dropout: key of the step, threshold (0: none), and factor of kept values. */
    stepKey: "i32",
    threshold: "i32",
    keptFactor: "f32",
  },
  /**
   * The time steps that a panel needs. All panels of a task take the steps of the task: those from the first to the last that any of
   * their examples needs. Only those that the panel itself needs have rows for the gradients of weights.
   */
  PanelSpanArgs: {
    /** First position of the sources, and number of positions, of the task. */
    begin: "i32",
    steps: "i32",
    /** Positions of the task before the first of the panel, and number of positions of the panel. */
    skipped: "i32",
    ownSteps: "i32",
    /** The first of its rows. */
    row: "i32",
    /** Time steps of the targets of the task, and of the panel. */
    targetSteps: "i32",
    ownTargetSteps: "i32",
    targetRow: "i32",
  },
  /** Vectors of every time step, as the next layer reads them: after dropout. */
  VectorArgs: {
    size: "i32",
    /** Number of the place in dropout; -1: nothing is dropped. */
    site: "i32",
    /** Offsets in the workspace, and bytes from time step to time step: lanes before dropout, and after it. */
    states: "usize",
    stateStep: "usize",
    outputs: "usize",
    outputStep: "usize",
    /** Gradient: lanes. */
    dOutputs: "usize",
    dOutputStep: "usize",
    /** Outputs for the gradients of weights: panels of 4; 0: not wanted. */
    panels: "usize",
    panelStride: "usize",
    /** An embedding: its table (V, size). */
    table: "usize",
    /** Gradient of looked-up rows: panels of 8; and the symbols that were looked up, uint8 (rows). */
    dPanels: "usize",
    dPanelStride: "usize",
    symbols: "usize",
  },
  /** Attention: attention/attend.as. */
  AttentionArgs: {
    hidden: "i32",
    /** Packed kernels of score, context and state, (ceil(H / 4), H, 4), and those of their transposes. */
    score: "usize",
    context: "usize",
    state: "usize",
    transposedScore: "usize",
    transposedContext: "usize",
    transposedState: "usize",
    bias: "usize",
    /** Offsets in the workspace, and bytes from time step to time step. h W_a, lanes of H. */
    queries: "usize",
    queryStep: "usize",
    /** Weights of the positions, and the gradient of their scores: lanes of T_in, rounded up to 4. */
    weights: "usize",
    dScores: "usize",
    weightStep: "usize",
    /** Contexts, lanes of H; on the way back their gradient. */
    contexts: "usize",
    contextStep: "usize",
    /** Gradient of a query, lanes of H. */
    dQuery: "usize",
    /** Panels of 4, and of 8, for the gradients of weights. */
    panelStride: "usize",
    contextPanels: "usize",
    dQueryPanels: "usize",
    dCombinedPanels: "usize",
    /** `VectorArgs` of the encoder's last layer, of the decoder's, and of the output. */
    encoded: "usize",
    decoded: "usize",
    combined: "usize",
  },
  /** Beginnings of answers, of each of which a time step is computed: attention/hypotheses.as. */
  HypothesesArgs: {
    /** `AttentionRowsArgs` whose examples are the hypotheses, in the order of their sources. */
    rows: "usize",
    /** States of the encoder, float32 (sources, T_in, H). */
    encoded: "usize",
    /** States of the decoder, float32 (layers, h and c, hypotheses, H): before the step, of `fromCount` hypotheses, and after it. */
    from: "usize",
    fromCount: "i32",
    to: "usize",
    /** The hypotheses of the step before, uint32 (M), and the symbols after them, uint8 (M). */
    parents: "usize",
    symbols: "usize",
    step: "i32",
    /** float32 (M, V) */
    probabilities: "usize",
    /** float32 (M, T_in) */
    attention: "usize",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldType>>>>;
