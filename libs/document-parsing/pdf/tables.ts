import type { PageItem, Row, Segment } from './pdf.types.js';

interface Column {
  from: number;
  to: number;
}

/** Rows this many font sizes apart do not belong to one table. */
const maxRowDistance = 3.2;

/** Finds runs of rows whose segments stand in columns, and hands everything on as lines and tables. */
export function itemsOf(rows: Row[]): PageItem[] {
  const items: PageItem[] = [];
  const columnRight = Math.max(0, ...rows.flatMap((row) => row.segments.map((segment) => segment.right)));
  for (let at = 0; at < rows.length; ) {
    const run = runFrom(rows, at);
    const table = run.length > 1 ? tableOf(run) : undefined;
    if (table) {
      items.push({ kind: 'table', rows: table });
      at += run.length;
    } else {
      const end = at + Math.max(run.length, 1);
      for (; at < end; at += 1) items.push({ kind: 'line', line: joined(rows[at]?.segments ?? []), columnRight });
    }
  }
  return items;
}

/** Rows of several segments, and single ones between them (a cell that runs over two lines). */
function runFrom(rows: Row[], start: number): Row[] {
  const run: Row[] = [];
  let single = 0;
  for (let at = start; at < rows.length; at += 1) {
    const row = rows[at];
    const last = run.at(-1);
    if (!row || (last && row.y - last.y > maxRowDistance * Math.max(sizeOf(row), sizeOf(last)))) break;
    if (row.segments.length > 1) single = 0;
    else if (run.length === 0 || (single += 1) > 2) break;
    run.push(row);
  }
  while (run.length > 0 && run.at(-1)?.segments.length === 1) run.pop();
  return run;
}

function tableOf(run: Row[]): string[][] | undefined {
  const columns = columnsOf(run);
  const multiple = run.filter((row) => row.segments.length > 1).length;
  if (columns.length < 2 || multiple < (columns.length > 2 ? 2 : 3) || multiple < run.length * 0.5) return undefined;
  const rows = run.map((row) => ({ y: row.y, size: sizeOf(row), cells: cellsOf(row, columns) }));
  const filled = rows.filter((row) => row.cells.filter(Boolean).length > 1).length;
  if (filled < run.length * 0.5) return undefined;
  return withWrappedLabels(rows);
}

/** The strips of the x axis that the cells occupy. Cells over half the table's width are headings across columns. */
function columnsOf(run: Row[]): Column[] {
  const segments = run.flatMap((row) => row.segments);
  const from = Math.min(...segments.map((segment) => segment.x));
  const to = Math.max(...segments.map((segment) => segment.right));
  const narrow = segments.filter((segment) => segment.right - segment.x < (to - from) * 0.5).sort((a, b) => a.x - b.x);
  const columns: Column[] = [];
  for (const segment of narrow) {
    const last = columns.at(-1);
    if (last && segment.x < last.to + 1) last.to = Math.max(last.to, segment.right);
    else columns.push({ from: segment.x, to: segment.right });
  }
  return columns;
}

function cellsOf(row: Row, columns: Column[]): string[] {
  const cells = columns.map(() => '');
  for (const segment of row.segments) {
    let place = columns.findIndex((column) => segment.x < column.to && segment.right > column.from);
    if (place < 0) place = segment.x < (columns[0]?.from ?? 0) ? 0 : columns.length - 1;
    cells[place] = `${cells[place] ?? ''} ${segment.text}`.trim();
  }
  return cells;
}

/** A label on two lines stands above and below the baseline of its figures: three rows that are one. */
function withWrappedLabels(rows: { y: number; size: number; cells: string[] }[]): string[][] {
  const result: string[][] = [];
  const labelOnly = (row: { cells: string[] } | undefined) => Boolean(row?.cells[0]) && !row?.cells.slice(1).some(Boolean);
  for (let at = 0; at < rows.length; at += 1) {
    const [row, figures, rest] = [rows[at], rows[at + 1], rows[at + 2]];
    if (!row) break;
    if (figures && rest && labelOnly(row) && labelOnly(rest) && !figures.cells[0] && rest.y - row.y < 2.5 * row.size) {
      result.push([`${row.cells[0]}${rest.cells[0]}`, ...figures.cells.slice(1)]);
      at += 2;
    } else {
      result.push(row.cells);
    }
  }
  return result;
}

function joined(segments: Segment[]): Segment {
  const [first, ...others] = segments;
  if (!first) return { text: '', x: 0, right: 0, y: 0, size: 0 };
  const line = { ...first };
  for (const segment of others) {
    line.text += ` ${segment.text}`;
    line.right = segment.right;
    line.size = Math.max(line.size, segment.size);
  }
  return line;
}

function sizeOf(row: Row): number {
  return Math.max(...row.segments.map((segment) => segment.size));
}
