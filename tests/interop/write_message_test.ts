import { assertEquals, assertThrows } from "@std/assert";
import {
  bytesField,
  doubleField,
  doublesField,
  type Field,
  floatField,
  floatsField,
  intField,
  intsField,
  messageField,
  textField,
  writeMessage,
} from "../../src/interop/protobuf/write_message.ts";
import { hasPython, runPython } from "./python.ts";

/** Bytes of the encoding guide (https://protobuf.dev/programming-guides/encoding/), and of Python's protobuf. */
const KNOWN: readonly (readonly [string, readonly Field[], string])[] = [
  ["nothing", [], ""],
  ["a varint of two bytes", [intField(1, 150)], "08 96 01"],
  ["a zero", [intField(1, 0)], "08 00"],
  ["a text", [textField(2, "testing")], "12 07 74 65 73 74 69 6e 67"],
  ["a text beyond ASCII", [textField(1, "é")], "0a 02 c3 a9"],
  ["an empty text", [textField(1, "")], "0a 00"],
  ["a message", [messageField(3, [intField(1, 150)])], "1a 03 08 96 01"],
  [
    "a message in a message",
    [messageField(1, [messageField(2, [intField(3, 1)])])],
    "0a 04 12 02 18 01",
  ],
  ["packed integers", [intsField(6, [3, 270, 86942])], "32 06 03 8e 02 9e a7 05"],
  ["no packed integers", [intsField(6, [])], "32 00"],
  ["a negative integer", [intField(1, -2)], "08 fe ff ff ff ff ff ff ff ff 01"],
  ["the largest uint64", [intField(1, 2n ** 64n - 1n)], "08 ff ff ff ff ff ff ff ff ff 01"],
  ["the smallest int64", [intField(1, -(2n ** 63n))], "08 80 80 80 80 80 80 80 80 80 01"],
  ["an integer beyond 32 bits", [intField(1, 2 ** 35)], "08 80 80 80 80 80 01"],
  ["a field number of two bytes", [intField(16, 1)], "80 01 01"],
  ["a float", [floatField(1, 1.5)], "0d 00 00 c0 3f"],
  ["a double", [doubleField(1, -2)], "09 00 00 00 00 00 00 00 c0"],
  ["packed floats", [floatsField(4, [1, -1])], "22 08 00 00 80 3f 00 00 80 bf"],
  ["packed doubles", [doublesField(4, [1])], "22 08 00 00 00 00 00 00 f0 3f"],
  ["bytes", [bytesField(9, Uint8Array.of(0, 255))], "4a 02 00 ff"],
  ["fields in the order in which they are given", [intField(2, 1), intField(1, 2)], "10 01 08 02"],
];

for (const [name, fields, expected] of KNOWN) {
  Deno.test(`writeMessage() writes ${name} as the encoding says`, () => {
    assertEquals(toHex(writeMessage(fields)), expected);
  });
}

Deno.test("a length beyond one byte counts what a nested message holds", () => {
  const bytes = writeMessage([messageField(1, [bytesField(2, new Uint8Array(300))])]);
  assertEquals(toHex(bytes.subarray(0, 6)), "0a af 02 12 ac 02");
  assertEquals(bytes.length, 306);
});

Deno.test("writeMessage() does not keep the caller's bytes", () => {
  const given = Uint8Array.of(1);
  const bytes = writeMessage([bytesField(1, given)]);
  given[0] = 2;
  assertEquals(toHex(bytes), "0a 01 01");
});

Deno.test("a field refuses a number or a value that the encoding cannot hold", () => {
  for (const number of [0, -1, 1.5, 2 ** 29, NaN]) {
    assertThrows(() => intField(number, 1), RangeError, "its number must be an integer from 1");
  }
  for (const value of [0.5, NaN, Infinity, 2 ** 53, 2n ** 64n, -(2n ** 63n) - 1n]) {
    assertThrows(() => intField(1, value), RangeError, "its value must be an integer");
  }
});

Deno.test({
  name: "Python's protobuf reads what is written (needs Python with protobuf)",
  ignore: !hasPython("google.protobuf"),
  async fn(): Promise<void> {
    const bytes = writeMessage([
      textField(1, "x"),
      intField(3, 7),
      messageField(8, [textField(1, "nested"), intField(3, -1)]),
    ]);
    const said = await runPython(READ, toHex(bytes));
    assertEquals(said.trim(), "x 7 nested -1");
  },
});

/** Reads a message that holds a message of its own kind. */
const READ = `
import sys
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
file = descriptor_pb2.FileDescriptorProto(name="a.proto", syntax="proto3")
message = file.message_type.add(name="A")
F = descriptor_pb2.FieldDescriptorProto
message.field.add(name="name", number=1, type=F.TYPE_STRING, label=F.LABEL_OPTIONAL)
message.field.add(name="count", number=3, type=F.TYPE_INT64, label=F.LABEL_OPTIONAL)
message.field.add(name="a", number=8, type=F.TYPE_MESSAGE, type_name=".A", label=F.LABEL_OPTIONAL)
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
a = message_factory.GetMessageClass(pool.FindMessageTypeByName("A")).FromString(bytes.fromhex(sys.argv[1]))
print(a.name, a.count, a.a.name, a.a.count)
`;

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
