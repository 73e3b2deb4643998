/** Measures the pairs of all sides of a problem, and concludes layout and split. @module */
import { chooseForm, type FormChoice } from "./choose_form.ts";
import { chooseAnswers } from "./edit_tally.ts";
import { formOf } from "./given_form.ts";
import { chooseHeldBack, type HeldBackChoice } from "./hold_back.ts";
import { type LaidOut, layOutPairs, type MeasuredFiles } from "./lay_out.ts";
import type { ReadReport, TakePair } from "./pair_reader.ts";
import type { PairsSettings } from "./settings.ts";
import { createOverlap, createTally, type FileFacts, type Overlap } from "./tally.ts";

/** The sides that pairs can be on. */
export const PAIR_SIDES = ["data", "validation", "test"] as const;
/** A side: the pairs to learn from, to measure on after every epoch, or to measure on at the end. */
export type PairSide = typeof PAIR_SIDES[number];

/** Says whether a setting names a side. */
export function isPairSide(name: string): name is PairSide {
  return PAIR_SIDES.some((side) => side === name);
}

/** What was measured. */
export interface MeasuredPairs {
  /** The settings with what was chosen: the questions that are held back, how answers are written, the order of features. */
  readonly settings: PairsSettings;
  /** Symbols and lengths. */
  readonly laidOut: LaidOut;
  /** What every side contains. */
  readonly files: MeasuredFiles;
  /** How the other sides are related to the data; null for a side that there is not. */
  readonly overlap: { readonly validation: Overlap | null; readonly test: Overlap | null };
  /** What is held back; null if there are pairs for validation. */
  readonly held: HeldBackChoice | null;
  /** The Unicode form that was chosen; absent if it was given. */
  readonly form?: FormChoice;
}

/** Measures pairs, side by side: first all of the data. */
export interface PairMeter {
  /** How pairs are read. */
  readonly settings: PairsSettings;
  /** Begins a side, and gives the function that takes its pairs. */
  begin(side: PairSide): TakePair;
  /** Ends the side. */
  end(report: ReadReport): void;
  /** Chooses the Unicode form for the data, which was read in NFC to its end. */
  chooseForm(): FormChoice;
  /**
   * Concludes from what was measured.
   *
   * @param reverse whether the model reads questions reversed
   * @throws {RangeError} if no model can learn from the pairs, with advice
   */
  conclude(reverse: boolean): MeasuredPairs;
}

/** A meter to which the data was read. */
export interface DataMeter<Data> {
  readonly meter: PairMeter;
  /** What the reading gave. */
  readonly data: Data;
  /** The Unicode form that was chosen; undefined if it was given. */
  readonly form: FormChoice | undefined;
}

/**
 * Makes a meter and has the data read to it: in the given Unicode form, or else in NFC, and again in NFD if that suits it better.
 *
 * @param read reads the data to a meter, by its settings. `before` is what the first reading gave, if this is the second
 */
export async function measureData<Data>(
  settings: PairsSettings,
  read: (meter: PairMeter, before?: Data) => Promise<Data>,
): Promise<DataMeter<Data>> {
  const first = createPairMeter({ ...settings, normalize: formOf(settings.normalize) });
  const data = await read(first);
  if (settings.normalize !== "auto") return { meter: first, data, form: undefined };
  const form = first.chooseForm();
  if (form.form === first.settings.normalize) return { meter: first, data, form };
  const meter = createPairMeter({ ...settings, normalize: form.form });
  return { meter, data: await read(meter, data), form };
}

/** Makes a meter. */
export function createPairMeter(settings: PairsSettings): PairMeter {
  const data = createTally(settings);
  const found: Partial<Record<PairSide, FileFacts>> = {};
  const overlaps: Partial<Record<PairSide, Overlap>> = {};
  let finish: (report: ReadReport) => void = () => {};

  return {
    settings,
    begin(side): TakePair {
      if (side === "data") {
        finish = (report) => found.data = data.finish(report);
        return data.take;
      }
      const tally = createTally({ ...settings, ...chooseForms(settings, found.data!) });
      const overlap = createOverlap(data.index);
      finish = (report) => {
        found[side] = tally.finish(report);
        overlaps[side] = overlap.finish();
      };
      return (pair, line) => {
        tally.take(pair, line);
        overlap.add(pair.question, pair.answer);
      };
    },
    end: (report) => finish(report),
    chooseForm: () => chooseForm(found.data!, settings),
    conclude(reverse): MeasuredPairs {
      const files = {
        data: found.data!,
        validation: found.validation ?? null,
        test: found.test ?? null,
      };
      const forms = chooseForms(settings, files.data);
      const laidOut = layOutPairs(files, { ...settings, ...forms }, reverse);
      const { split: share, seed } = settings;
      const held = share === null || files.validation !== null
        ? null
        : chooseHeldBack(data.index.groups, { share, seed });
      return {
        settings: { ...settings, ...forms, heldBack: held?.heldBack ?? null },
        ...{ laidOut, files, held },
        overlap: { validation: overlaps.validation ?? null, test: overlaps.test ?? null },
      };
    },
  };
}

/** Chooses how answers are written, and in which order features are learned. */
function chooseForms(
  settings: PairsSettings,
  data: FileFacts,
): { readonly answers: "text" | "edits"; readonly featureOrder: "random" | "file" } {
  const answers = chooseAnswers(settings, data.edits);
  const { featureOrder } = settings;
  if (featureOrder !== "auto") return { answers, featureOrder };
  return { answers, featureOrder: answers === "edits" ? "random" : "file" };
}
