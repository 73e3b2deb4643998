/** Which time steps examples need, so that no more are computed. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import { countPanels } from "../layer_sizes.ts";
import { structBytes, writeStruct } from "../structs.ts";

/** The time steps that each of some examples needs. */
export interface ExampleSpans {
  /** First position of the source without padding, and the position after the last; both 0 if there is none. */
  readonly begins: Uint16Array;
  readonly ends: Uint16Array;
  /** Counted time steps of the target; 0 without targets. */
  readonly counted: Uint16Array;
}

/** Measures examples. @param targets uint8 (N, T_out); undefined: none */
export function measureSpans(
  { inputLength, outputLength, sourcePadding, targetPadding }: AttentionNetwork,
  sources: Uint8Array,
  targets?: Uint8Array,
): ExampleSpans {
  const count = sources.length / inputLength;
  const begins = new Uint16Array(count), ends = new Uint16Array(count);
  const counted = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const from = i * inputLength;
    let begin = 0, end = inputLength;
    while (end > 0 && sources[from + end - 1] === sourcePadding) end--;
    while (begin < end && sources[from + begin] === sourcePadding) begin++;
    begins[i] = end === 0 ? 0 : begin;
    ends[i] = end;
    if (targets === undefined) continue;
    const target = targets.subarray(i * outputLength, (i + 1) * outputLength);
    const padding = targetPadding === null ? -1 : target.indexOf(targetPadding);
    counted[i] = padding < 0 ? outputLength : padding + 1;
  }
  return { begins, ends, counted };
}

/** What a pass of some examples takes. */
export interface PassRows {
  /** Rows of sources and of targets that the panels for the gradients of weights hold. */
  readonly sourceRows: number;
  readonly targetRows: number;
  /** Sum of the counted time steps. */
  readonly counted: number;
}

/** The examples of a pass: each is given by its row. */
export interface SpannedExamples {
  readonly spans: ExampleSpans;
  readonly examples: number;
  /** Rows in their order; undefined: one after the other. */
  readonly order?: Uint32Array;
  /** The first example's place in the order, or its row. */
  readonly first: number;
}

interface Span {
  begin: number;
  end: number;
  targetSteps: number;
}

/** Bytes of the spans of a pass. */
export function spanBytes(examples: number): number {
  return (structBytes("PanelSpanArgs") + 4) * countPanels(examples);
}

/**
 * Writes the spans of all panels, and which group of panels each task takes: those of most work first, so that no thread waits long
 * for another at the end.
 *
 * @param group panels of a task
 */
export function writeSpans(
  memory: WebAssembly.Memory,
  { address, group, ...given }: SpannedExamples & {
    readonly address: number;
    readonly group: number;
  },
): PassRows {
  const { examples } = given;
  const panels = Array.from(
    { length: countPanels(examples) },
    (_, p) => spanOf(given, 8 * p, Math.min(examples, 8 * p + 8)),
  );
  const tasks = Array.from(
    { length: Math.ceil(panels.length / group) },
    (_, i) => joinSpans(panels.slice(i * group, (i + 1) * group)),
  );
  let row = 0, targetRow = 0;
  panels.forEach((own, p) => {
    const task = tasks[Math.floor(p / group)]!;
    const ownSteps = own.end - own.begin;
    writeStruct(memory, {
      name: "PanelSpanArgs",
      address: address + p * structBytes("PanelSpanArgs"),
      values: {
        ...{ begin: task.begin, steps: task.end - task.begin, skipped: own.begin - task.begin },
        ...{ ownSteps, row, targetSteps: task.targetSteps },
        ...{ ownTargetSteps: own.targetSteps, targetRow },
      },
    });
    row += 8 * ownSteps;
    targetRow += 8 * own.targetSteps;
  });
  const groups = tasks.map((_, i) => i).sort((a, b) => workOf(tasks[b]!) - workOf(tasks[a]!));
  const groupsAt = address + panels.length * structBytes("PanelSpanArgs");
  new Uint32Array(memory.buffer, groupsAt, groups.length).set(groups);
  return { sourceRows: row, targetRows: targetRow, counted: countTargets(given) };
}

/** Relative work of a task. A time step of the decoder is about twice one of the encoder. */
function workOf({ begin, end, targetSteps }: Span): number {
  return end - begin + 2 * targetSteps;
}

/** The span of some examples. It has one position at least. */
function spanOf({ spans, order, first }: SpannedExamples, from: number, to: number): Span {
  const { begins, ends, counted } = spans;
  const found: Span[] = [];
  for (let i = from; i < to; i++) {
    const row = order === undefined ? first + i : order[first + i]!;
    if (ends[row]! > 0) {
      found.push({ begin: begins[row]!, end: ends[row]!, targetSteps: counted[row]! });
    } else found.push({ begin: 0, end: 1, targetSteps: counted[row]! });
  }
  return joinSpans(found);
}

function joinSpans(spans: readonly Span[]): Span {
  const joined = { ...spans[0]! };
  for (const { begin, end, targetSteps } of spans) {
    joined.begin = Math.min(joined.begin, begin);
    joined.end = Math.max(joined.end, end);
    joined.targetSteps = Math.max(joined.targetSteps, targetSteps);
  }
  return joined;
}

function countTargets({ spans: { counted }, order, first, examples }: SpannedExamples): number {
  let sum = 0;
  for (let i = first; i < first + examples; i++) {
    sum += counted[order === undefined ? i : order[i]!]!;
  }
  return sum;
}
