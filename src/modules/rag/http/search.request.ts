import { z } from 'zod';
import { nonEmptyText } from '../../../platform/http/schemas.js';
import { searchModes } from '../../search/search.types.js';
import { documentScope, filterMeaning, metadataFilter, oneWayOfCollections, onlyCollection } from './scope.request.js';

const shape = {
  query: nonEmptyText(2000).describe('Words or a question, Chinese or English').meta({ example: 'cache hit rate' }),
  mode: z.enum(searchModes).default('hybrid').describe('By words, by likeness of the embedding, or both fused'),
};

const mostPassages = 'Most passages in the answer';
const minSeq = 'Answer only from an index that has applied this log position (read your own writes on another process)';

export const searchRequest = z
  .strictObject({
    ...shape,
    ...documentScope,
    top_k: z.int().min(1).max(100).default(10).describe(mostPassages),
    min_seq: z.int().min(0).optional().describe(minSeq),
  })
  .refine(oneWayOfCollections.check, oneWayOfCollections.fault)
  .meta({ id: 'SearchRequest', example: { query: 'cache hit rate', top_k: 5, filter: { department: 'it' } } });

export type SearchRequestBody = z.infer<typeof searchRequest>;

export const searchQuery = z.strictObject({
  ...shape,
  collection: onlyCollection.optional(),
  top_k: z.coerce.number().int().min(1).max(100).default(10).describe(mostPassages),
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
    .pipe(metadataFilter)
    .optional()
    .describe(`${filterMeaning}; as JSON`)
    .meta({ example: '{"department":"finance"}' }),
  min_seq: z.coerce.number().int().min(0).optional().describe(minSeq).meta({ example: 42 }),
});

export const batchSearchRequest = z.strictObject({ queries: z.array(searchRequest).min(1).max(50) }).meta({ id: 'BatchSearchRequest', example: { queries: [{ query: 'cache hit rate' }, { query: '缓存命中率', mode: 'keyword' }] } });

export type BatchSearchRequest = z.infer<typeof batchSearchRequest>;
