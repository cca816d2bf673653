import { z } from 'zod';
import { fitSettings, type ChunkingSettings } from '#libs/chunking';
import { boundedText, nonEmptyText } from '../../../platform/http/schemas.js';

type ChunkingFields = { max_tokens?: number; overlap_tokens?: number; min_tokens?: number };

const chunking = z
  .strictObject({
    max_tokens: z.int().min(32).max(2048).optional().describe('Longest chunk; 320 when absent'),
    overlap_tokens: z.int().min(0).max(512).optional().describe('What neighbouring chunks share, at most half of max_tokens; when absent 64, or the half if that is less'),
    min_tokens: z.int().min(0).max(512).optional().describe('Shorter neighbours under one heading are joined; at most max_tokens; when absent 80, or max_tokens if that is less'),
  })
  .superRefine((wanted, context) => {
    const chosen = toChunkingSettings(wanted);
    const fitting = fitSettings(chosen);
    for (const [field, setting] of [['overlap_tokens', 'overlapTokens'], ['min_tokens', 'minTokens']] as const) {
      if ((chosen[setting] ?? 0) > fitting[setting]) context.addIssue({ code: 'custom', path: [field], message: `must be at most ${fitting[setting]} with chunks of ${fitting.maxTokens} tokens` });
    }
  });

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

export function toChunkingSettings(wanted: ChunkingFields): Partial<ChunkingSettings> {
  const settings = { maxTokens: wanted.max_tokens, overlapTokens: wanted.overlap_tokens, minTokens: wanted.min_tokens };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
