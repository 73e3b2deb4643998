/**
 * Named lines of our own code, and changes of them that make a fault.
 *
 * A line is a fault point if it ends with the comment `fault point: NAME`. The comment moves with the line when the code is edited.
 *
 * @module
 */

/** A change of a fault point. Points are given by their names. */
export type Change =
  /** Removes a whole statement. */
  | { readonly drop: string }
  /** Moves a whole statement to the place before or after another point. */
  | { readonly move: string; readonly before: string }
  | { readonly move: string; readonly after: string }
  /** Writes another line instead. */
  | { readonly replace: string; readonly by: string }
  /** Changes a part of the line that comes once in it. */
  | { readonly edit: string; readonly from: string; readonly to: string };

/** Texts of files by their paths. */
export type Sources = ReadonlyMap<string, string>;

/** Where a fault point is. */
export interface FaultPoint {
  readonly name: string;
  readonly file: string;
  /** Number of the line, from 0. */
  readonly line: number;
  /** The line without the comment. */
  readonly code: string;
}

const MARKER = /^(.*?)(?: \/\/ (?:[^`]*; )?fault point: ([\w '-]+))$/;

/** Reads all files of our code below a folder, except `page_assets.ts`, which is generated. */
export async function readSources(folder: string): Promise<Sources> {
  const sources = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      for (const [inner, text] of await readSources(path)) sources.set(inner, text);
    } else if (name.endsWith(".ts") && name !== "page_assets.ts") {
      sources.set(path, await Deno.readTextFile(path));
    }
  }
  return sources;
}

/** Finds all fault points, also those with a name that comes twice. */
export function findPoints(sources: Sources): readonly FaultPoint[] {
  return Array.from(sources).flatMap(([file, text]) =>
    text.split("\n").flatMap((source, line): FaultPoint[] => {
      const [, code, name] = MARKER.exec(source) ?? [];
      return code === undefined || name === undefined ? [] : [{ name, file, line, code }];
    })
  );
}

/** Gives the names of the points of a change. */
export function pointsOf(change: Change): readonly string[] {
  if ("drop" in change) return [change.drop];
  if ("replace" in change) return [change.replace];
  if ("edit" in change) return [change.edit];
  return [change.move, "before" in change ? change.before : change.after];
}

/**
 * Makes changes in files.
 *
 * @returns the new texts of the files that differ
 * @throws {Error} if a point is missing or comes twice, or a change does not fit the code of its point
 */
export function applyChanges(sources: Sources, changes: readonly Change[]): Sources {
  const changed = new Map<string, string>();
  for (const change of changes) {
    const now = new Map([...sources, ...changed]);
    const points = findPoints(now);
    const [point, place] = pointsOf(change).map((name) => findPoint(points, name));
    const lines = now.get(point!.file)!.split("\n");
    if ("move" in change) {
      if (place!.file !== point!.file) throw misfit(place!, `must be in ${point!.file}`);
      moveLine(lines, { point: point!, place: place!, isBefore: "before" in change });
    } else {
      lines.splice(point!.line, 1, changeCode(change, point!));
    }
    changed.set(point!.file, lines.join("\n"));
  }
  return changed;
}

function findPoint(points: readonly FaultPoint[], name: string): FaultPoint {
  const [point, ...others] = points.filter((point) => point.name === name);
  if (point !== undefined && others.length === 0) return point;
  throw new Error(
    `Cannot change the fault point "${name}": it must come once in the code, but comes ${
      point === undefined ? 0 : 1 + others.length
    } times`,
  );
}

/** Gives the changed line. It keeps its marker, so that another change may follow. */
function changeCode(
  change: Exclude<Change, { readonly move: string }>,
  point: FaultPoint,
): string {
  const mark = ` // fault point: ${point.name}`;
  if ("drop" in change) {
    checkStatement(point);
    return mark;
  }
  if ("replace" in change) return change.by + mark;
  const { from, to } = change;
  if (point.code.split(from).length === 2) return point.code.replace(from, () => to) + mark;
  throw misfit(point, `must have "${from}" once`);
}

function moveLine(
  lines: string[],
  { point, place, isBefore }: {
    readonly point: FaultPoint;
    readonly place: FaultPoint;
    readonly isBefore: boolean;
  },
): void {
  checkStatement(point);
  const [moved] = lines.splice(point.line, 1);
  const at = place.line - (place.line > point.line ? 1 : 0);
  lines.splice(at + (isBefore ? 0 : 1), 0, moved!);
}

/** Checks that a line is a statement, or an element of a list: nothing is left of it when it is removed. */
function checkStatement(point: FaultPoint): void {
  const { code } = point;
  const count = (brackets: RegExp): number => code.match(brackets)?.length ?? 0;
  if (/[;,]$/.test(code) && count(/[([{]/g) === count(/[)\]}]/g)) return;
  throw misfit(point, "must be a whole statement");
}

function misfit({ name, code }: FaultPoint, must: string): Error {
  return new Error(
    `Cannot change the fault point "${name}": its line ${must}, but is "${code.trim()}"`,
  );
}
