/// <reference lib="dom" />
/** The page's script: everything begins here. @module */
import { startPage } from "./start_page.ts";

startPage();
