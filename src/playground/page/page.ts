/// <reference lib="dom" />
/**
 * The script of the playground. One text has three roles, so that the page needs no second copy of what they share: in a worker it
 * is the engine; in a page that holds a run it is that of the exported page; otherwise it is the playground.
 *
 * @module
 */
import { createLocalModel } from "../../dashboard/page/local_model.ts";
import { readEmbedded } from "../../dashboard/page/embedded.ts";
import { startPage } from "../../dashboard/page/start_page.ts";
import { createEngine } from "../engine/create_engine.ts";
import { type MessagePlace, serveEngine } from "../engine_calls.ts";
import { startEngine } from "./engine_client.ts";
import { readOwnFiles } from "./own_files.ts";
import { startPlayground } from "./start_playground.ts";

if (typeof document === "undefined") {
  serveEngine(
    createEngine({ date: () => performance.timeOrigin + performance.now() }),
    globalThis as unknown as MessagePlace, // the types of a page, where a worker's are not known
  );
} else if (readEmbedded() !== undefined) startPage(createLocalModel);
else {
  const assets = readOwnFiles();
  startPlayground(startEngine(assets["page.js"]), assets);
}
