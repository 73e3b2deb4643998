import * as carry from "../../interop.ts";
import { makeCheckpoint } from "../interop/exported_models.ts";
import { checkRows, loose } from "./hostile.ts";

const checkpoint = await makeCheckpoint({ steps: 0 });
const files = carry.exportTfjs(checkpoint);
const { model: layout, problem } = checkpoint;
const { source, target } = layout;

const keras = await carry.exportKeras(checkpoint);

checkRows({
  exportKeras: {
    ...{ call: loose(carry.exportKeras), args: [checkpoint, {}], allowed: { 1: "undefined {}" } },
    options: {
      optimizer: [false, "undefined true"],
      learningRate: [0.5, "undefined 1e9 0.5"],
    },
  },
  exportKerasWeights: {
    call: loose(carry.exportKerasWeights),
    args: [checkpoint, {}],
    allowed: { 1: "undefined {}" },
    options: { optimizer: [false, "undefined true"] },
  },
  exportOnnx: { call: loose(carry.exportOnnx), args: [checkpoint] },
  exportSafetensors: { call: loose(carry.exportSafetensors), args: [checkpoint] },
  exportTfjs: { call: loose(carry.exportTfjs), args: [checkpoint] },
  importKeras: {
    call: loose(carry.importKeras),
    args: [keras, {}],
    allowed: { 1: "undefined {}" },
    options: {
      layout: [{ source, target }, "undefined"],
      problem: [problem, "undefined"],
      training: [{ epochs: 2 }, "undefined {}"],
      optimizer: [false, "undefined true"],
    },
  },
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
