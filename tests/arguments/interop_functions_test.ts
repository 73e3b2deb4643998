import * as carry from "../../interop.ts";
import { makeCheckpoint } from "../interop/exported_models.ts";
import { checkRows, loose } from "./hostile.ts";

const checkpoint = await makeCheckpoint({ steps: 0 });
const files = carry.exportTfjs(checkpoint);
const { model: layout, problem } = checkpoint;
const { source, target } = layout;

checkRows({
  exportOnnx: { call: loose(carry.exportOnnx), args: [checkpoint] },
  exportSafetensors: { call: loose(carry.exportSafetensors), args: [checkpoint] },
  exportTfjs: { call: loose(carry.exportTfjs), args: [checkpoint] },
  importTfjs: {
    call: loose(carry.importTfjs),
    args: [files, {}],
    allowed: { 1: "undefined {}" },
    options: {
      layout: [{ source, target }, "undefined"],
      problem: [problem, "undefined"],
      training: [{ epochs: 2 }, "undefined {}"],
      optimizer: [false, "undefined true"],
    },
  },
  listTfjsFiles: { call: loose(carry.listTfjsFiles), args: [files.get("model.json")!] },
});
