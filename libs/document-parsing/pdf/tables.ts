import { joinLines } from './join-lines.js';
import type { PageItem, Part, Row, Segment } from './pdf.types.js';

interface Column {
  from: number;
  to: number;
}

/** Rows this many font sizes apart do not belong to one table. */
const maxRowDistance = 3.2;

/** Finds runs of rows whose segments stand in columns, and hands everything on as lines and tables. */
export function itemsOf(rows: Row[]): PageItem[] {
  const items: PageItem[] = [];
  const segments = rows.flatMap((row) => row.segments);
  const columnLeft = Math.min(...segments.map((segment) => segment.x));
  const columnRight = Math.max(...segments.map((segment) => segment.right));
  for (let at = 0; at < rows.length; ) {
    const run = runFrom(rows, at);
    const table = run.length > 1 ? tableOf(run) : undefined;
    if (table) {
      items.push({ kind: 'table', rows: table });
      at += run.length;
    } else {
      const end = at + Math.max(run.length, 1);
      for (; at < end; at += 1) items.push({ kind: 'line', line: joined(rows[at]?.segments ?? []), columnLeft, columnRight });
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
  return mergedRows(rows);
}

/**
 * The strips of the x axis that cells occupy in most rows: a caption across columns must not join them, so
 * a strip that only a tenth of the rows covers counts as a gap.
 */
function columnsOf(run: Row[]): Column[] {
  const parts = run.flatMap(partsOf);
  const from = Math.min(...parts.map((part) => part.x));
  const to = Math.max(...parts.map((part) => part.right));
  const bins = Math.min(Math.max(Math.ceil(to - from), 1), 5000);
  const covered = new Array<number>(bins).fill(0);
  for (const part of parts) {
    const last = Math.min(Math.ceil(part.right - from), bins);
    for (let bin = Math.max(Math.floor(part.x - from), 0); bin < last; bin += 1) covered[bin]! += 1;
  }
  const ignored = run.length >= 5 ? Math.max(1, Math.floor(run.length * 0.1)) : 0;
  const columns: Column[] = [];
  for (let bin = 0; bin < bins; bin += 1) {
    if (covered[bin]! <= ignored) continue;
    const start = bin;
    while (bin + 1 < bins && covered[bin + 1]! > ignored) bin += 1;
    columns.push({ from: from + start, to: from + bin + 1 });
  }
  return withRareColumns(columns, parts);
}

/** A column that only one row fills is a column nevertheless, when it stands well away from the others. */
function withRareColumns(columns: Column[], parts: Part[]): Column[] {
  const apart = (part: Part) => columns.every((column) => distance(part, column) > Math.max(8, (part.right - part.x) * 0.6));
  const added: Column[] = [];
  for (const part of parts.filter(apart).sort((a, b) => a.x - b.x)) {
    const last = added.at(-1);
    if (last && part.x < last.to) last.to = Math.max(last.to, part.right);
    else added.push({ from: part.x, to: part.right });
  }
  return [...columns, ...added].sort((a, b) => a.from - b.from);
}

function cellsOf(row: Row, columns: Column[]): string[] {
  const cells = columns.map(() => '');
  for (const part of partsOf(row)) {
    const distances = columns.map((column) => distance(part, column));
    const place = distances.indexOf(Math.min(...distances));
    cells[place] = `${cells[place] ?? ''} ${part.text}`.trim();
  }
  return cells;
}

/** 0 when they overlap. */
function distance(part: Part, column: Column): number {
  return Math.max(0, part.x - column.to, column.from - part.right);
}

function partsOf(row: Row): Part[] {
  return row.segments.flatMap((segment) => segment.parts);
}

/** Lines nearer than a line can be to the next belong to one row: a label on two lines beside centred figures. */
function mergedRows(rows: { y: number; size: number; cells: string[] }[]): string[][] {
  const result: string[][] = [];
  let lastY = -Infinity;
  for (const { y, size, cells } of rows) {
    const last = result.at(-1);
    if (last && y - lastY < 0.95 * size) {
      cells.forEach((cell, index) => (last[index] = joinLines([last[index] ?? '', cell])));
    } else {
      result.push([...cells]);
    }
    lastY = y;
  }
  return result;
}

function joined(segments: Segment[]): Segment {
  const [first, ...others] = segments;
  if (!first) return { text: '', x: 0, right: 0, y: 0, size: 0, font: '', parts: [] };
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
