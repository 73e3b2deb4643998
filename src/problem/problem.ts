/**
 * The seam between what is learned and everything else. Adding a problem is one file and a line in the registry.
 *
 * @module
 */
import type { AnySettings } from "../arguments/setting.ts";
import type { Layout } from "../codec/layout.ts";
import type { Example } from "./example.ts";

/** The settings of a problem as JSON, complete: a checkpoint has them, and with a layout they make the problem again. */
export interface ProblemSettings {
  /** Name of the kind in the registry: `addition`. */
  readonly name: string;
  /** Seed of everything that is drawn: examples and what is held back. */
  readonly seed: number;
  /** The other settings of the kind. */
  readonly [setting: string]: unknown;
}

/** A kind of problem: an entry of the registry. */
export interface ProblemKind<Settings extends ProblemSettings = ProblemSettings> {
  /** Its name, as it is typed: `--problem addition`. */
  readonly name: string;
  /** What is learned, in one line for help texts, beginning with a small letter. */
  readonly summary: string;
  /** The settings that can be given, besides `name` and `seed`, each with its rule, its help and how it is typed. */
  readonly options: AnySettings;
  /** Whether the model reads sources reversed unless it is told otherwise. */
  readonly reverse: boolean;
  /**
   * Fills in the defaults and checks every setting. Complete settings are returned unchanged.
   *
   * @throws {TypeError | RangeError} with the first fault
   */
  resolve(given: Readonly<Record<string, unknown>>): Settings;
  /** Gives the layout that the settings demand, with reversed sources or not. Absent if a layout is measured from data. */
  layOut?(settings: Settings, reverse: boolean): Layout;
  /** Makes the problem. It draws and reads nothing. */
  create(settings: Settings, layout: Layout): Problem;
}

/** A problem: it names its examples, checks questions, and says by which groups an evaluation is broken down. */
export interface Problem {
  /** The settings that it was made of. */
  readonly settings: ProblemSettings;
  /** In words, without a capital: `50,000 additions of up to 3 digits`. */
  readonly title: string;
  /** What a question is, for a prompt: `a sum of two numbers of up to 3 digits each, such as 12+34`. */
  readonly question: string;
  /** A question of this problem, for hints: `12+34`. Absent if none is known. */
  readonly example?: string;
  /** Characters between a question and its answer where both stand in a line: `=`, or ` → `. */
  readonly equals: string;
  /** The ways to divide examples into groups. */
  readonly groupings: readonly Grouping[];
  /**
   * Checks and normalises a question that a person typed. Lengths and symbols are checked by the model's layout too.
   *
   * @throws {SyntaxError} if it is not a question of this problem
   * @throws {RangeError} if it is one, but beyond what the model can read
   */
  readQuestion(text: string): AskedQuestion;
  /** Gives the correct answer of a normalised question; absent, or undefined, if the problem cannot know it. */
  answer?(question: string): string | undefined;
  /** How its examples are made; absent if they are read from somewhere. */
  readonly generated?: GeneratedExamples;
}

/** A question as the model reads it. */
export interface AskedQuestion {
  /** The normalised question: `7+8`. */
  readonly question: string;
  /** What was changed beyond spaces, as a sentence without a full stop: `Read "007+8" as "7+8"`. */
  readonly note?: string;
}

/** A way to divide examples into groups, by which an evaluation is broken down. */
export interface Grouping {
  /** Its name in events and JSON, in camelCase: `carries`. */
  readonly name: string;
  /** Its title for people: `Number of carries`. */
  readonly title: string;
  /** If the groups form a grid: titles of its rows and columns. Keys are then `row+column`, such as `1+2`. */
  readonly grid?: { readonly rows: string; readonly columns: string };
  /** Gives the key of an example's group. At most 256 different keys are kept apart, and a longer one than 64 characters is cut. */
  keyOf(example: Example): string;
}

/** Examples that a problem makes itself. */
export interface GeneratedExamples {
  /** Number of examples. */
  readonly count: number;
  /** Makes the examples, the same each time, none twice. */
  examples(): Iterable<Example>;
  /**
   * Makes fresh examples without end, other ones for every epoch from 1. They may repeat, and may be among `examples()`: the
   * caller leaves out those that are held back.
   */
  stream(epoch: number): Iterable<Example>;
  /**
   * Gives an example's question a name that is the same for all its forms: `1+2` for `2+1`. `examples()` has one form of each.
   * Absent if every question has one form only.
   */
  readonly groupOf?: (example: Example) => string;
  /** How examples are practised; absent if all alike and in one form. */
  readonly practice?: Practice;
  /** All questions that there are, and their number; absent if they are too many to ask (above 10,000,000). */
  readonly every?: { readonly count: number; examples(): Iterable<Example> };
  /** Cases that a model must not get wrong: a fixed suite. Pass mark: all of them. */
  edgeCases(): readonly Example[];
  /** Examples one size beyond the training, in the order of a seeded draw: the layout has no room for some of them. */
  beyond?(count: number): readonly Example[];
}

/** How examples are practised: in another form, and some more often than others. */
export interface Practice {
  /** Gives the swapped form of an example, which is an example too: `2+1` for `1+2`. Absent if there is none. */
  readonly swapOf?: (example: Example) => Example;
  /** Gives the weight of an example, an integer from 1 to 1000: how often it is taken compared with one of weight 1. */
  readonly weightOf?: (example: Example) => number;
  /** Says whether an example is never held back. */
  readonly keep?: (example: Example) => boolean;
  /** What `swapOf` does, in words: `numbers swapped at random`. */
  readonly swapWords?: string;
  /** What `weightOf` does, in words: `short sums more often`. Absent if all weights are equal. */
  readonly weightWords?: string;
}
