import { z } from 'zod';
import { nonEmptyText } from '../../../platform/http/schemas.js';
import { searchModes } from '../../search/search.types.js';
import { collectionName } from './document.request.js';

const filterMeaning =
  'Condition on document metadata: fields with a value or `{eq, ne, in, gt, gte, lt, lte, exists, contains}`, joined by and; `and`, `or`, `not` nest; dots go deeper';

const shape = {
  query: nonEmptyText(2000).meta({ example: 'cache hit rate' }),
  mode: z.enum(searchModes).default('hybrid'),
  collection: collectionName.optional(),
};

const minSeq = 'Answer only from an index that has applied this log position (read your own writes on another process)';

export const searchRequest = z
  .strictObject({
    ...shape,
    top_k: z.int().min(1).max(100).default(10),
    filter: z.record(z.string(), z.unknown()).optional().describe(filterMeaning).meta({ example: { department: 'finance', year: { gte: 2024 } } }),
    min_seq: z.int().min(0).optional().describe(minSeq),
  })
  .meta({ id: 'SearchRequest' });

export type SearchRequestBody = z.infer<typeof searchRequest>;

export const searchQuery = z.strictObject({
  ...shape,
  top_k: z.coerce.number().int().min(1).max(100).default(10),
  filter: z
    .string()
    .max(4000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be a JSON object' });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), z.unknown()))
    .optional()
    .describe(`${filterMeaning}; as JSON`),
  min_seq: z.coerce.number().int().min(0).optional().describe(minSeq),
});

export const batchSearchRequest = z.strictObject({ queries: z.array(searchRequest).min(1).max(50) }).meta({ id: 'BatchSearchRequest' });

export type BatchSearchRequest = z.infer<typeof batchSearchRequest>;
