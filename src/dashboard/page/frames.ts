/// <reference lib="dom" />
/** Drawing that leaves the page smooth: at most once in a frame, and in several tasks if it takes long. @module */

/** Draws a part of the page up to each `yield`. */
export type Drawing = Generator<void, void, void>;

/** A task of the page that takes longer than 50 ms is felt; what is drawn causes styles, layout and paint on top. */
const SLICE_MS = 5;

/**
 * Makes a function that asks for drawing. It draws once for all calls before the next frame, and once more for calls while it
 * draws.
 */
export function createFrameRequest(draw: () => Drawing): () => void {
  let state: "idle" | "requested" | "drawing" | "drawing again" = "idle";

  function request(): void {
    if (state === "drawing") state = "drawing again";
    if (state !== "idle") return;
    state = "requested";
    requestAnimationFrame(() => {
      state = "drawing";
      drawSlice(draw());
    });
  }

  function drawSlice(drawing: Drawing): void {
    const end = performance.now() + SLICE_MS;
    let isDone = false;
    try {
      while (!isDone && performance.now() < end) isDone = drawing.next().done ?? false;
    } catch (error) {
      finish(); // what cannot be drawn once may be drawn later
      throw error;
    }
    if (isDone) finish();
    else setTimeout(() => drawSlice(drawing));
  }

  function finish(): void {
    const again = state === "drawing again";
    state = "idle";
    if (again) request();
  }

  return request;
}
