import { z } from 'zod';
import type { PageStart } from '../database/page.js';

/** Schemas that many routes share. JSON is snake_case; times are RFC 3339 UTC; ids are UUIDv7. */
export const uuid = z.uuid();
export const timestamp = z.iso.datetime();

/** Text of a query string, bounded; NUL is refused because PostgreSQL cannot hold it. */
export const boundedText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes('\u0000'), 'must not contain a NUL character');

export const nonEmptyText = (max: number) => boundedText(max).refine((value) => value.trim().length > 0, 'must not be empty');

export const idParam = z.object({ id: uuid.describe('Its id').meta({ example: '019aa4c5-8a52-7c3e-9f34-0242ac120002' }) });

export const pageQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).describe('From 1'),
  page_size: z.coerce.number().int().min(1).max(200).default(20).describe('Items a page, at most 200'),
});

export type PageQuery = z.infer<typeof pageQuery>;

/** For lists that are long, or grow while they are read; `form` is what their cursors look like. */
export const cursorQuery = (form: z.ZodType<string, string>, example = '019aa4c5-8a52-7c3e-9f34-0242ac120002') =>
  pageQuery.extend({
    cursor: form.optional().describe('`next_cursor` of the page before: goes on there, whatever has come or gone meanwhile; `page` is not looked at').meta({ example }),
  });

export const uuidCursorQuery = cursorQuery(uuid);

export type CursorQuery = z.infer<typeof uuidCursorQuery>;

export const toPageStart = ({ cursor, page, page_size }: CursorQuery): PageStart => ({ cursor, page, pageSize: page_size });

export function pageOf<T extends z.ZodType>(item: T) {
  const page = z.object({
    items: z.array(item),
    total: z.int().describe('On all pages'),
    page: z.int().describe('From 1'),
    page_size: z.int().describe('Items a page'),
  });
  return page.meta({ example: { items: [item.meta()?.example], total: 1, page: 1, page_size: 20 } });
}

/** A page of such a list, named `id`. */
export function cursorPageOf<T extends z.ZodType>(item: T, id: string) {
  const page = pageOf(item);
  return page.extend({ next_cursor: z.string().nullable().describe('For the next page; null after the last one') }).meta({ id, example: { ...(page.meta()?.example as object), next_cursor: null } });
}

type JsonObject = Record<string, unknown>;

/**
 * Any object of at most `max` characters of JSON. Its size is estimated by a walk that gives up early, before anything else looks at
 * it: a body may hold a million values that are cheap to send and take seconds to check and to copy.
 */
export const boundedJson = (max: number) =>
  z
    .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), { error: 'must be an object', abort: true })
    .refine((value) => estimate(value, max) >= 0 && JSON.stringify(value).length <= max, { error: `must be at most ${max} characters of JSON`, abort: true })
    .meta({ type: 'object', additionalProperties: true });

/** Escapes of JSON that PostgreSQL's jsonb cannot hold: NUL, and half of a surrogate pair. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** The same, and such that jsonb can hold it. */
export const storableJson = (max: number) =>
  boundedJson(max).refine((value) => !unstorable.test(JSON.stringify(value)), { error: 'must not contain NUL characters or broken surrogate pairs', abort: true });

/** @returns what is left of `budget` characters after `value` as JSON, which has at least so many; below 0 it stops counting */
function estimate(value: unknown, budget: number): number {
  if (typeof value === 'string') return budget - value.length - 2;
  if (typeof value !== 'object' || value === null) return budget - 1;
  let left = budget - 2;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left >= 0; at++) left = estimate(value[at], left);
    return left;
  }
  for (const [key, part] of Object.entries(value)) {
    left = estimate(part, left - key.length - 3);
    if (left < 0) break;
  }
  return left;
}

/** Free metadata: an object of bounded size. */
export const metadata = storableJson(16_384)
  .refine((value) => Object.keys(value).every((key) => key.length <= 100), 'names must be at most 100 characters')
  .meta({ example: { department: 'finance', year: 2026 } });
