import type { PageText, Row } from './pdf.types.js';

/** Only the outermost rows of a page can be running headers or footers. */
const rowsLookedAt = 2;
const minPages = 3;
const minShare = 0.6;
const heightTolerance = 6;

/**
 * Takes out running headers, footers and page numbers: rows at the top or bottom that stand at the same height on
 * most pages with the same words (digits aside). What is not certain stays.
 */
export function dropRunningLines(pages: PageText[]): void {
  if (pages.length < minPages) return;
  const seen = new Map<string, Set<number>>();
  for (const page of pages) {
    for (const row of outerRows(page)) {
      const key = keyOf(row);
      const on = seen.get(key) ?? new Set();
      seen.set(key, on.add(page.page));
    }
  }
  const pagesWith = (row: Row) => new Set([-1, 0, 1].flatMap((shift) => [...(seen.get(keyOf(row, shift)) ?? [])])).size;
  const isRunning = (row: Row) => pagesWith(row) >= Math.max(minPages, pages.length * minShare);
  for (const page of pages) {
    const running = new Set(outerRows(page).filter(isRunning));
    if (running.size > 0) page.rows = page.rows.filter((row) => !running.has(row));
  }
}

function outerRows(page: PageText): Row[] {
  const top = page.rows.slice(0, rowsLookedAt).filter((row) => row.y < page.height * 0.15);
  const bottom = page.rows.slice(-rowsLookedAt).filter((row) => row.y > page.height * 0.85);
  return [...new Set([...top, ...bottom])];
}

const pageNumber = /^\W*(第|page|p\.)?\s*#(\s*(\/|of|页|页共|\W)\s*(第|共)?\s*#)?\s*(页|頁)?\W*$/i;

function keyOf(row: Row, shift = 0): string {
  const words = row.segments.map((segment) => segment.text.trim()).join(' ');
  const pattern = words.replace(/\d+/g, '#');
  // A bare page number is known wherever it stands; words must stand at the same height.
  if (pageNumber.test(pattern)) return pattern;
  return `${Math.round(row.y / heightTolerance) + shift} ${pattern}`;
}
