/** What a model shows in a notebook. @module */
import type { MediaBundle } from "../display/display.ts";
import type { Model } from "./model.ts";

/** Shows a model. What draws it is loaded when it is asked for. */
export async function viewModel({ config }: Model): Promise<MediaBundle> {
  return (await import("../notebook/show_model.ts")).showModel(config);
}
