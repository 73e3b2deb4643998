/**
 * The values of a `Summary`, as TensorBoard's plugins read them: a tag, a tensor, and the name of the plugin with its data.
 *
 * Source: tensorboard/compat/proto/summary.proto, tensor.proto; plugins/scalar, plugins/text and plugins/hparams, `metadata.py` and
 * `plugin_data.proto`.
 *
 * @module
 */
import {
  bytesField,
  doubleField,
  type Field,
  floatsField,
  intField,
  messageField,
  textField,
  writeMessage,
} from "../protobuf/write_message.ts";

/** The value of a hyperparameter. */
export type HyperparameterValue = string | number | boolean;

/** How a training has ended, as the tab HPARAMS shows it. */
export type SessionStatus = "success" | "failure";

const DT_FLOAT = 1;
const DT_STRING = 7;
/** Classes of data: what a plugin's tensors are. */
const CLASS_SCALAR = 1;
const CLASS_TENSOR = 2;
const STATUS: Readonly<Record<SessionStatus, number>> = { success: 1, failure: 2 };

/** Writes a number. */
export function scalarValue(tag: string, value: number): Field {
  return summaryValue(tag, floatTensor([value]), { plugin: "scalars", dataClass: CLASS_SCALAR });
}

/** Writes a text, which TensorBoard shows as Markdown. */
export function textValue(tag: string, text: string): Field {
  const tensor = [intField(1, DT_STRING), messageField(2, []), textField(8, text)];
  return summaryValue(tag, tensor, { plugin: "text", dataClass: CLASS_TENSOR });
}

/** Writes the hyperparameters of a training and when it began. */
export function sessionStartValue(
  hyperparameters: Readonly<Record<string, HyperparameterValue>>,
  startSeconds: number,
): Field {
  const entries = Object.entries(hyperparameters).map(([name, value]) =>
    messageField(1, [textField(1, name), messageField(2, [anyValue(value)])])
  );
  return sessionValue("start", 3, [...entries, doubleField(5, startSeconds)]);
}

/** Writes how a training has ended, and when. */
export function sessionEndValue(status: SessionStatus, endSeconds: number): Field {
  return sessionValue("end", 4, [intField(1, STATUS[status]), doubleField(2, endSeconds)]);
}

/** The message is in the data of the plugin; the tensor is there because a value must have one. */
function sessionValue(which: "start" | "end", field: number, message: readonly Field[]): Field {
  const content = writeMessage([messageField(field, message)]);
  return summaryValue(`_hparams_/session_${which}_info`, floatTensor([]), {
    ...{ plugin: "hparams", content },
  });
}

/** Writes a `google.protobuf.Value`. */
function anyValue(value: HyperparameterValue): Field {
  if (typeof value === "number") return doubleField(2, value);
  return typeof value === "boolean" ? intField(4, Number(value)) : textField(3, value);
}

/** Writes a tensor of one number, or of none. */
function floatTensor(values: readonly number[]): Field[] {
  const shape = values.length === 1 ? [] : [messageField(2, [intField(1, values.length)])];
  return [intField(1, DT_FLOAT), messageField(2, shape), floatsField(5, values)];
}

/** Who reads a value. */
interface PluginData {
  readonly plugin: string;
  readonly content?: Uint8Array;
  readonly dataClass?: number;
}

function summaryValue(
  tag: string,
  tensor: readonly Field[],
  { plugin, content, dataClass }: PluginData,
): Field {
  return messageField(1, [
    textField(1, tag),
    messageField(8, tensor),
    messageField(9, [
      messageField(1, [textField(1, plugin), ...(content ? [bytesField(2, content)] : [])]),
      ...(dataClass === undefined ? [] : [intField(4, dataClass)]),
    ]),
  ]);
}
