import type { PageText, Row, Segment } from './pdf.types.js';

const binWidth = 2;
const minGutter = 7;
/** A gutter may be crossed by titles and wide figures, but only by this share of the segments. */
const maxCrossing = 0.3;
const minColumnRows = 4;
/** Lines of prose fill their column and hold some words; cells of a table do not. Ideographs count twice. */
const minFill = 0.55;
const minLineWeight = 20;

/**
 * Puts rows into reading order: where the page is set in columns, the left column of a band comes before the right
 * one; text that crosses the gutter (titles, wide tables) stands between bands. Each result is one column or one full-width band.
 */
export function readingOrder(rows: Row[], gutters: number[] = []): Row[][] {
  const gutter = findGutter(rows) ?? gutters.find((at) => fits(rows, at));
  if (gutter === undefined) return [rows];
  const ordered: Row[][] = [];
  let left: Row[] = [];
  let right: Row[] = [];
  let full: Row[] = [];
  const endBand = () => {
    if (full.length > 0) ordered.push(full);
    if (left.length > 0) ordered.push(...readingOrder(left));
    if (right.length > 0) ordered.push(...readingOrder(right));
    [left, right, full] = [[], [], []];
  };
  for (const row of rows) {
    const crossing = row.segments.some((segment) => segment.x < gutter && segment.right > gutter);
    if (crossing !== full.length > 0) endBand();
    if (crossing) full.push(row);
    else {
      pushPart(left, row, (segment) => segment.right <= gutter);
      pushPart(right, row, (segment) => segment.x >= gutter);
    }
  }
  endBand();
  return ordered;
}

/** Gutters of a document most of whose pages are set in columns: they hold on pages too where tables blur them. */
export function commonGutters(pages: PageText[]): number[] {
  const found = pages.map(({ rows }) => findGutter(rows)).filter((at) => at !== undefined);
  if (found.length < 3 || found.length < pages.length * 0.6) return [];
  return found.filter((at, index) => found.findIndex((other) => Math.abs(other - at) < 3 * minGutter) === index);
}

function fits(rows: Row[], gutter: number): boolean {
  const segments = rows.flatMap((row) => row.segments);
  const left = segments.filter((segment) => segment.right <= gutter).length;
  const right = segments.filter((segment) => segment.x >= gutter).length;
  return Math.min(left, right) >= minColumnRows && segments.length - left - right <= segments.length * 0.1;
}

function pushPart(part: Row[], row: Row, belongs: (segment: Segment) => boolean): void {
  const segments = row.segments.filter(belongs);
  if (segments.length > 0) part.push({ y: row.y, segments });
}

/** The x of a vertical strip that hardly any text crosses and that has prose on both sides. */
function findGutter(rows: Row[]): number | undefined {
  const segments = rows.flatMap((row) => row.segments);
  if (segments.length < minColumnRows * 2) return undefined;
  const start = Math.min(...segments.map((segment) => segment.x));
  const end = Math.max(...segments.map((segment) => segment.right));
  const allowed = segments.length * maxCrossing;
  const covered = coverage(segments, start, end);
  let best: { at: number; width: number; crossing: number } | undefined;
  for (let bin = 0; bin < covered.length; bin += 1) {
    const crossing = covered[bin] ?? 0;
    if (crossing > allowed) continue;
    let last = bin;
    while (covered[last + 1] === crossing) last += 1;
    const width = (last - bin + 1) * binWidth;
    const at = start + bin * binWidth + width / 2;
    const better = !best || crossing < best.crossing || (crossing === best.crossing && width > best.width);
    if (width >= minGutter && better && isBetweenColumns(segments, at)) best = { at, width, crossing };
    bin = last;
  }
  return best?.at;
}

/** How many segments cover each narrow strip of the width. */
function coverage(segments: Segment[], start: number, end: number): number[] {
  const bins = Math.min(Math.max(Math.ceil((end - start) / binWidth), 1), 5000);
  const changes = new Array<number>(bins + 1).fill(0);
  for (const segment of segments) {
    const from = Math.min(Math.max(Math.floor((segment.x - start) / binWidth), 0), bins - 1);
    const to = Math.min(Math.max(Math.floor((segment.right - start) / binWidth), from), bins - 1);
    changes[from]! += 1;
    changes[to + 1]! -= 1;
  }
  let sum = 0;
  return changes.slice(0, bins).map((change) => (sum += change));
}

function isBetweenColumns(segments: Segment[], at: number): boolean {
  return isProse(segments.filter((segment) => segment.right <= at)) && isProse(segments.filter((segment) => segment.x >= at));
}

function isProse(segments: Segment[]): boolean {
  if (segments.length < minColumnRows) return false;
  const widths = segments.map((segment) => segment.right - segment.x).sort((a, b) => a - b);
  const columnWidth = widths[Math.floor(widths.length * 0.9)] ?? 0;
  const fill = widths.reduce((sum, width) => sum + width, 0) / widths.length / Math.max(columnWidth, 1);
  const weight = segments.reduce((sum, segment) => sum + lineWeight(segment.text), 0) / segments.length;
  return fill >= minFill && weight >= minLineWeight;
}

function lineWeight(text: string): number {
  return text.length + (text.match(/[\u3040-\u9fff]/g)?.length ?? 0);
}
