import { z } from 'zod';
import { boundedText, nonEmptyText } from '../../../platform/http/schemas.js';

const chunking = z
  .strictObject({
    max_tokens: z.int().min(32).max(2048).optional().describe('Longest chunk'),
    overlap_tokens: z.int().min(0).max(512).optional().describe('What neighbouring chunks share'),
    min_tokens: z.int().min(0).max(512).optional().describe('Shorter neighbours under one heading are joined'),
  })
  .refine(({ max_tokens = 320, overlap_tokens = 0 }) => overlap_tokens < max_tokens, 'overlap_tokens must be below max_tokens');

export const createCollectionRequest = z
  .strictObject({
    name: nonEmptyText(255).regex(/^[^/\\]+$/, 'must not contain slashes').meta({ example: 'handbook' }),
    description: boundedText(2000).optional(),
    chunking: chunking.optional(),
  })
  .meta({ id: 'CreateCollectionRequest', example: { name: 'handbook', description: 'Rules of the house', chunking: { max_tokens: 320, overlap_tokens: 40 } } });

export const updateCollectionRequest = createCollectionRequest.partial().extend({ description: boundedText(2000).nullable().optional() }).meta({ id: 'UpdateCollectionRequest', example: { description: 'Rules of the house, 2027' } });

export type CreateCollectionRequest = z.infer<typeof createCollectionRequest>;
export type UpdateCollectionRequest = z.infer<typeof updateCollectionRequest>;

export function toChunkingSettings(wanted: CreateCollectionRequest['chunking']) {
  if (!wanted) return undefined;
  const settings = { maxTokens: wanted.max_tokens, overlapTokens: wanted.overlap_tokens, minTokens: wanted.min_tokens };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
