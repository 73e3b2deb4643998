/// <reference lib="dom" />
/** The page's script: everything begins here. @module */
import { createLocalModel } from "./local_model.ts";
import { startPage } from "./start_page.ts";

startPage(createLocalModel);
