import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as addition from "../../addition.ts";
import * as library from "../../mod.ts";
import * as notebook from "../../notebook.ts";
import { writeNotebook } from "../../src/notebook/write_notebook.ts";
import { canUseFiles } from "../permissions.ts";

const NAME = "@carry/seq2seq";

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: readonly string[];
  readonly outputs?: readonly Output[];
}

function readCells(text: string): Cell[] {
  return JSON.parse(text).cells;
}

function sourcesOf(text: string): string[] {
  return readCells(text).map(({ cell_type, source }) => `${cell_type}\n${source.join("")}`);
}

Deno.test("a notebook is in format 4.5, for Deno's kernel, and its cells have names of their own", () => {
  const { nbformat, nbformat_minor, metadata, cells } = JSON.parse(writeNotebook(NAME));
  assertEquals([nbformat, nbformat_minor, metadata.kernelspec.name], [4, 5, "deno"]);
  assertEquals(new Set(cells.map(({ id }: Cell) => id)).size, cells.length);
});

Deno.test("a notebook imports the library by the name that is given, and nothing else", () => {
  const text = sourcesOf(writeNotebook("jsr:@carry/seq2seq@1.2.3")).join("\n");
  const imported = [...text.matchAll(/^import .* from "(.*)";$/gm)].map((match) => match[1]!);
  assert(imported.length > 5);
  for (const from of imported) {
    assert(/^jsr:@carry\/seq2seq@1\.2\.3(\/\w+)?$/.test(from), from);
  }
});

Deno.test("the library exports what a notebook imports", () => {
  const modules: Readonly<Record<string, object>> = {
    ...{ [NAME]: library, [`${NAME}/addition`]: addition, [`${NAME}/notebook`]: notebook },
  };
  const text = sourcesOf(writeNotebook(NAME)).join("\n");
  const imports = [...text.matchAll(/^import \{ (.*) \} from "(.*)";$/gm)];
  assertEquals(imports.length, text.match(/^import /gm)!.length);
  for (const [, names, from] of imports) {
    for (const name of names!.split(", ")) {
      assert(Object.hasOwn(modules[from!] ?? {}, name), `${name} of ${from}`);
    }
  }
});

Deno.test("a line of code has at most 100 characters, so that it fits below a cell's number", () => {
  for (const { cell_type, source } of readCells(writeNotebook(NAME))) {
    for (const line of cell_type === "code" ? source : []) {
      assert(line.trimEnd().length <= 100, line);
    }
  }
});

Deno.test({
  name: "the executed notebook is the one that is written, without errors and with its pictures",
  ignore: !canUseFiles,
  async fn(): Promise<void> {
    const text = await Deno.readTextFile(new URL("carry.ipynb", import.meta.url));
    assertEquals(sourcesOf(text), sourcesOf(writeNotebook(NAME)));
    assert(text.length < 150_000, `it has ${text.length} characters`);
    const cells = readCells(text).filter(({ cell_type }) => cell_type === "code");
    const outputs = cells.flatMap(({ outputs = [] }) => outputs);
    assertEquals(cells.filter(({ outputs = [] }) => outputs.length === 0), []);
    assertEquals(
      outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr"),
      [],
    );
    const pictures = outputs.filter(({ data = {} }) => "image/svg+xml" in data);
    assertEquals(pictures.length, 5);
    assertStringIncludes(text, "☑");
    assertStringIncludes(text, "☒");
  },
});
