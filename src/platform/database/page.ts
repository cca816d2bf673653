/** Where a list is read: after the row that `cursor` names, so that rows that come or go meanwhile shift nothing; or at a page, from 1. */
export interface PageStart {
  cursor?: string;
  page: number;
  pageSize: number;
}

export interface Page<Item> {
  items: Item[];
  /** On all pages. */
  total: number;
  /** Where the next page begins; null after the last one. */
  nextCursor: string | null;
}

/** The end of a statement for toPage(): one row more than the page holds tells whether there is another. */
export function limitOf({ cursor, page, pageSize }: PageStart): string {
  return `LIMIT ${pageSize + 1} OFFSET ${cursor === undefined ? (page - 1) * pageSize : 0}`;
}

/** @param cursorOf names a row for those that come after it */
export function toPage<Item>(rows: Item[], total: number, { pageSize }: PageStart, cursorOf: (row: Item) => string): Page<Item> {
  const items = rows.slice(0, pageSize);
  const last = items.at(-1);
  return { items, total, nextCursor: last !== undefined && rows.length > items.length ? cursorOf(last) : null };
}
