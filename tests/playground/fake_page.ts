/// <reference lib="dom" />
/** The script of the playground with an engine that trains nothing: it tells what was recorded. @module */
import { createLocalModel } from "../../src/dashboard/page/local_model.ts";
import { readEmbedded } from "../../src/dashboard/page/embedded.ts";
import { startPage } from "../../src/dashboard/page/start_page.ts";
import { readOwnFiles } from "../../src/playground/page/own_files.ts";
import { startPlayground } from "../../src/playground/page/start_playground.ts";
import { createFakeEngine } from "./fake_engine.ts";

if (readEmbedded() !== undefined) startPage(createLocalModel);
else startPlayground(createFakeEngine(), readOwnFiles());
