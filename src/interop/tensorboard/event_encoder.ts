/** Encodes what TensorBoard shows as the records of an event file. @module */
import { checkUnknown, checkValue, resolveOptions } from "../../arguments/resolve_options.ts";
import type { Rule } from "../../arguments/rule.ts";
import { CLOCK, type Clock } from "../../time/clock.ts";
import {
  bytesField,
  doubleField,
  type Field,
  intField,
  messageField,
  textField,
  writeMessage,
} from "../protobuf/write_message.ts";
import { HYPERPARAMETERS, NODES, SCALARS, STATUS, STEP, TEXTS, TIME } from "./event_rules.ts";
import { type GraphNode, writeGraphDef } from "./graph_def.ts";
import {
  type HyperparameterValue,
  scalarValue,
  sessionEndValue,
  sessionStartValue,
  type SessionStatus,
  textValue,
} from "./summary_values.ts";
import { frameRecord } from "./tf_record.ts";

/** Encodes events. Every method gives whole records, which are written to the end of a file in the order in which they were made. */
export interface EventEncoder {
  /**
   * Begins a file: the version of the format, and the step from which on what earlier files of the same folder say is discarded, 0 for
   * everything. Call it first.
   */
  start(step: number): Uint8Array<ArrayBuffer>;
  /** Encodes numbers at a step, by their tags. A `/` in a tag groups charts. Values are rounded to float32. */
  scalars(step: number, values: Readonly<Record<string, number>>): Uint8Array<ArrayBuffer>;
  /** Encodes texts at a step, by their tags. They are Markdown. */
  texts(step: number, texts: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer>;
  /** Encodes the hyperparameters of a training that begins. TensorBoard keeps the first ones of a folder. */
  hyperparameters(
    values: Readonly<Record<string, HyperparameterValue>>,
  ): Uint8Array<ArrayBuffer>;
  /** Encodes a graph. A folder should have one. */
  graph(nodes: readonly GraphNode[]): Uint8Array<ArrayBuffer>;
  /** Encodes how the training has ended. TensorBoard keeps the first end of a folder. */
  end(status: SessionStatus): Uint8Array<ArrayBuffer>;
}

/** Options of {@linkcode createEventEncoder}. */
export interface EventEncoderOptions {
  /** Gives the time of an event, in milliseconds since 1970 began. */
  readonly now: Clock;
}

const ACTION = "encode an event";
/** Version 2: what a restart discards is decided by its session's log. */
const FILE_VERSION = "brain.Event:2";
/** The status of a session that begins. */
const SESSION_START = 1;

/**
 * Makes an encoder of event files, which TensorBoard shows. It writes nothing itself: a program appends the bytes to a file in a folder
 * of its own, whose name contains `tfevents`, such as `logs/first/events.out.tfevents.1700000000.carry`. A file that ends within a record,
 * because a program was killed, is shown up to that record.
 *
 * @throws {TypeError} if an option is unknown or is missing; a method throws it if an argument has a wrong type
 * @throws {RangeError} if a method gets a step that is not 0 or a positive integer, or an end that there is not
 * @example
 * ```ts
 * import { createEventEncoder } from "@carry/seq2seq/interop";
 * import { assertEquals } from "@std/assert";
 *
 * const encoder = createEventEncoder({ now: () => 1_700_000_000_000 });
 * const file = new Blob([
 *   encoder.start(0),
 *   encoder.hyperparameters({ hiddenSize: 128, cell: "lstm" }),
 *   encoder.scalars(1, { loss: 2.5, "accuracy/characters": 0.1 }),
 *   encoder.texts(1, { samples: "| question | answer |\n| --- | --- |\n| 1+2 | 3 |" }),
 *   encoder.end("success"),
 * ]);
 * const bytes = await file.bytes();
 * assertEquals(bytes[0], 24); // the length of the first record's data
 * ```
 */
export function createEventEncoder(options: EventEncoderOptions): EventEncoder {
  const { now } = resolveOptions<EventEncoderOptions, object>(options, {
    ...{ action: "make an event encoder", rules: { now: CLOCK }, defaults: {} },
  });
  const seconds = (): number => {
    const time = now();
    checkValue(ACTION, "the time", time, TIME);
    return time / 1000;
  };
  const encode = (step: number, what: readonly Field[]): Uint8Array<ArrayBuffer> => {
    checkValue(ACTION, "its step", step, STEP);
    const at = step === 0 ? [] : [intField(2, step)]; // 0 is what a step is that is not written
    return frameRecord(writeMessage([doubleField(1, seconds()), ...at, ...what]));
  };
  const summary = (step: number, values: readonly Field[]): Uint8Array<ArrayBuffer> =>
    encode(step, [messageField(5, values)]);
  return {
    start: (step) =>
      joinBytes([
        encode(0, [textField(3, FILE_VERSION)]),
        encode(step, [messageField(7, [intField(1, SESSION_START)])]),
      ]),
    scalars: (step, given) => {
      const values = Object.entries(take("values", given, SCALARS));
      return summary(step, values.map(([tag, value]) => scalarValue(tag, value)));
    },
    texts: (step, given) => {
      const texts = Object.entries(take("texts", given, TEXTS));
      return summary(step, texts.map(([tag, text]) => textValue(tag, text)));
    },
    hyperparameters: (values) =>
      summary(0, [sessionStartValue(take("hyperparameters", values, HYPERPARAMETERS), seconds())]),
    graph: (nodes) => encode(0, [bytesField(4, writeGraphDef(take("nodes", nodes, NODES)))]),
    end: (status) => summary(0, [sessionEndValue(take("its status", status, STATUS), seconds())]),
  };
}

/** Checks an argument of a method. */
function take<T>(name: string, value: T, rule: Rule<T>): T {
  return checkUnknown(ACTION, name, value, rule);
}

/** Joins records, whose bytes are written as they are. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return writeMessage([parts]);
}
