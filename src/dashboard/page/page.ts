/// <reference lib="dom" />
/** The script of the page: its entry point. @module */
import { createLocalModel } from "./local_model.ts";
import { startPage } from "./start_page.ts";

startPage(createLocalModel);
