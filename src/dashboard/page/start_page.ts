/// <reference lib="dom" />
/** Starts the parts of the page and connects them. @module */
import type { RunUpdate } from "../protocol.ts";
import {
  type Asker,
  createEmbeddedAsker,
  type CreateLocalModel,
  createServerAsker,
} from "./asker.ts";
import { startAsk } from "./ask.ts";
import { followNews } from "./connection.ts";
import { createCurves } from "./curves.ts";
import { find } from "./dom.ts";
import { decodeBase64, readEmbedded } from "./embedded.ts";
import { createFrameRequest, type Drawing } from "./frames.ts";
import { createHeader, type Link } from "./header.ts";
import { createLearnedSection } from "./learned.ts";
import { createQuestionsDialog, type ReadAnswers } from "./questions_dialog.ts";
import { takePageToken } from "./page_token.ts";
import { createSamples } from "./samples.ts";
import { createServerClient } from "./server_client.ts";
import { createSettings } from "./settings.ts";
import { applyUpdate, createState, forgetRuns, type RunView } from "./state.ts";
import { startTheme } from "./theme.ts";

/** Gives the events, answers and weights: a server, a worker, or the page itself. */
export interface Source {
  readonly asker: Asker;
  readonly readAnswers: ReadAnswers;
  /** Starts to call back with updates. */
  start(
    onUpdate: (update: RunUpdate) => void,
    onOpen: () => void,
    onLink: (link: Link) => void,
  ): void;
}

/** Starts the page. @param createLocalModel makes a model that runs in the browser */
export function startPage(createLocalModel: CreateLocalModel): void {
  showRuns(createSource(createLocalModel));
}

/**
 * Shows the runs of a source from now on.
 *
 * @param onDrawn called with the run that is shown, whenever it was drawn
 */
export function showRuns(
  source: Source,
  onDrawn: (shown: RunView | undefined) => void = () => {},
): void {
  const state = createState();
  let link: Link = { state: "connecting", message: "" };
  let picked: number | undefined;
  const readShown = (): RunView | undefined =>
    state.runs.get(picked ?? -1) ?? state.runs.values().next().value;

  const requestFrame = createFrameRequest(function* (): Drawing {
    const shown = readShown();
    yield* curves.draw(state, shown);
    yield samples.render(shown);
    yield* learned.draw(shown);
    yield settings.render(shown);
    yield ask.render();
    yield questions.render(state);
    header.render(state, shown, link); // the last one: what it says of a run is to be seen below
    onDrawn(shown);
  });
  const header = createHeader((run) => {
    picked = run;
    requestFrame();
  });
  const curves = createCurves(requestFrame);
  const samples = createSamples(requestFrame);
  const learned = createLearnedSection(requestFrame, (pick) => {
    const shown = readShown();
    if (shown !== undefined) void questions.show(shown, pick);
  });
  const settings = createSettings();
  const ask = startAsk(source.asker, state, readShown);
  const questions = createQuestionsDialog(source.readAnswers);
  startTheme(find("theme", HTMLFieldSetElement), () => curves.repaint());

  let stale = false;
  source.start(
    (update) => {
      if (stale) forgetRuns(state);
      stale = false;
      applyUpdate(state, update);
      requestFrame();
    },
    () => stale = true,
    (next) => {
      link = next;
      requestFrame();
    },
  );
}

function createSource(createLocalModel: CreateLocalModel): Source {
  const embedded = readEmbedded();
  if (embedded !== undefined) {
    return {
      asker: createEmbeddedAsker(decodeBase64(embedded.model), createLocalModel),
      readAnswers: () => Promise.resolve(embedded.answers),
      start(onUpdate, _onOpen, onLink): void {
        onUpdate(embedded.update);
        onLink({ state: "embedded", message: "" });
      },
    };
  }
  const client = createServerClient(takePageToken());
  return {
    asker: createServerAsker(client, createLocalModel),
    readAnswers: ({ run }) => client.answers(run),
    start(onUpdate, onOpen, onLink): void {
      followNews(client, {
        onUpdate,
        onOpen,
        onState: (state, message) => onLink({ state, message }),
      });
    },
  };
}
