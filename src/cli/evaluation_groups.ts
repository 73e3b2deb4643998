/** Groups of examples as text: a table with pictures of intervals. @module */
import { escapeText } from "../arguments/escape.ts";
import type { AssessedCell } from "../evaluation/assessment.ts";
import { formatCount, formatInterval, formatShare } from "../evaluation/format.ts";
import type { CountedGroups } from "../evaluation/group_counter.ts";
import { SMALL_GROUP } from "../evaluation/interval.ts";
import { scaleShares, type ShareScale } from "../plot/report/share_scale.ts";
import { wrapWords } from "../evaluation/columns.ts";
import { layTable } from "./text_table.ts";

/** Most groups of a grouping that are listed. */
const MOST_GROUPS = 24;
/** Columns of the picture of an interval. */
const PICTURE = { least: 10, most: 28 };

/** Describes the groups of a grouping. @param complete whether shares are exact, so that they have no interval */
export function describeGroups(
  { title, cells }: CountedGroups<AssessedCell>,
  complete: boolean,
  columns: number,
): string[] {
  const shown = cells.length <= MOST_GROUPS
    ? cells
    : cells.toSorted((a, b) => (a.exactMatch ?? 1) - (b.exactMatch ?? 1)).slice(0, MOST_GROUPS);
  const scale = scaleShares(shown);
  const left = cells.length - shown.length;
  const notes = [
    ...(shown.some(({ isSmall }) => isSmall) ? [`* fewer than ${SMALL_GROUP} examples`] : []),
    ...(left > 0 ? [`The worst of ${cells.length} groups; --json and --out have all`] : []),
  ];
  return [
    ...layTable({
      title,
      head: ["examples", "right", ...(complete ? [] : ["95 % interval"])],
      rows: shown.map((cell) => [
        escapeText(cell.key),
        `${formatCount(cell.examples)}${cell.isSmall ? "*" : ""}`,
        cell.exactMatch === null ? "–" : formatShare(cell.exactMatch),
        ...(complete ? [] : [formatInterval(cell)]),
      ]),
      picture: {
        ...PICTURE,
        head: (width) => `${scale.label}${"100 %".padStart(width - scale.label.length)}`,
        row: (i, width) => drawInterval(shown[i]!, scale, width),
      },
    }, columns),
    ...notes.flatMap((note) => wrapWords(`  ${note}`, columns, 2)),
  ];
}

/** Draws an interval on an axis: `──────━━●━`. */
function drawInterval(cell: AssessedCell, { place }: ShareScale, width: number): string {
  if (cell.exactMatch === null) return "";
  const columnOf = (share: number): number => Math.round((width - 1) * place(share) / 100);
  const [low, at, high] = [cell.low, cell.exactMatch, cell.high].map(columnOf) as [
    number,
    number,
    number,
  ];
  return Array.from(
    { length: width },
    (_, i) => i === at ? "●" : i >= low && i <= high ? "━" : "─",
  ).join("");
}
