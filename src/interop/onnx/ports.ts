/** What an exported model reads and gives. @module */
import type { Network } from "../../network/network.ts";
import type { Port } from "./onnx_message.ts";

/** The name that stands for the number of sources. */
export const BATCH = "batch";

/** Gives its input: the indices of the sources' symbols. */
export function sourcePort({ inputLength }: Network): Port {
  return {
    ...{ name: "source", type: "int64", shape: [BATCH, inputLength] },
    about: "Indices of the symbols of sources, laid out and padded as the metadata says",
  };
}

/** Gives the output of answers. */
export function targetPort({ outputLength }: Network): Port {
  return {
    ...{ name: "target", type: "int64", shape: [BATCH, outputLength] },
    about: "Indices of the most probable symbols of targets",
  };
}

/** Gives the output of probabilities. */
export function probabilitiesPort({ outputLength, targetVocabularySize }: Network): Port {
  return {
    ...{ name: "probabilities", type: "float32" },
    shape: [BATCH, outputLength, targetVocabularySize],
    about: "Probability of every symbol at every position of a target",
  };
}

/** Gives the output of attention. */
export function attentionPort({ inputLength, outputLength }: Network): Port {
  return {
    ...{ name: "attention", type: "float32", shape: [BATCH, outputLength, inputLength] },
    about:
      "How much each position of a source was looked at for each symbol of a target; 0 after its end",
  };
}
