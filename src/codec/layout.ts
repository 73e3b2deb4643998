/** How texts become indices and back: the only place that pads and reverses. @module */

/** How the texts of one side, sources or targets, become indices. It is saved with a model. */
export interface TextLayout {
  /** Number of positions of every text, T, 1 to 4096. Shorter texts are padded at their end. */
  readonly length: number;
  /**
   * The 1 to 256 symbols in the order of their indices, each once. Their number is V. `""` stands for padding that no text
   * can contain, `"\uFFFD"` for every symbol that the table does not have, and a symbol that begins with a tab is a feature.
   */
  readonly symbols: readonly string[];
  /** The symbol that pads, one of `symbols`: `" "` in the notebook, otherwise `""`. */
  readonly padding: string;
  /** The text between two symbols, not empty, or `""` if every code point is a symbol. */
  readonly separator: string;
  /** Whether the padded text is reversed, so that its last symbol is read first. */
  readonly reverse: boolean;
  /** The Unicode form to which texts are converted before they are read. */
  readonly normalize: Normalization;
}

/** The layout of questions and answers. */
export interface Layout {
  /** The layout of sources. */
  readonly source: TextLayout;
  /** The layout of targets. */
  readonly target: TextLayout;
}

/** A Unicode form: composed, decomposed, or as the text is. */
export type Normalization = "NFC" | "NFD" | "none";
