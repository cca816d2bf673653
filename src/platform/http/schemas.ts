import { z } from 'zod';

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

export function pageOf<T extends z.ZodType>(item: T) {
  const page = z.object({
    items: z.array(item),
    total: z.int().describe('On all pages'),
    page: z.int().describe('From 1'),
    page_size: z.int().describe('Items a page'),
  });
  return page.meta({ example: { items: [item.meta()?.example], total: 1, page: 1, page_size: 20 } });
}

/** Escapes of JSON that PostgreSQL's jsonb cannot hold: NUL, and half of a surrogate pair. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

const isStorable = (value: unknown) => !unstorable.test(JSON.stringify(value));
const storableMeaning = 'must not contain NUL characters or broken surrogate pairs';

/** An object that is compared with jsonb. */
export const jsonObject = z.record(z.string(), z.unknown()).refine(isStorable, storableMeaning);

/** Free metadata: an object of bounded size. */
export const metadata = z
  .record(z.string().max(100), z.unknown())
  .refine(isStorable, storableMeaning)
  .refine((value) => JSON.stringify(value).length <= 16_384, 'must be at most 16 kB of JSON')
  .meta({ example: { department: 'finance', year: 2026 } });
