import { z } from 'zod';
import { nonEmptyText, uuid } from '../../../platform/http/schemas.js';
import { documentScope, oneWayOfCollections } from './scope.request.js';

export const chatRequest = z
  .strictObject({
    query: nonEmptyText(8000).meta({ example: 'What must the cache hit rate be?' }),
    conversation_id: uuid.optional().describe('Goes on with a conversation; without it a new one begins'),
    ...documentScope,
    engine: nonEmptyText(100).optional().describe('Who makes the answer; the current engine when absent').meta({ example: 'chat' }),
    personality_id: uuid.optional().describe('Tone and instructions for this answer'),
    top_k: z.int().min(1).max(50).default(8).describe('Passages to answer from'),
    stream: z.boolean().default(false).describe('true: server-sent events `delta`, `citation`, `quality`, `done`, `error`'),
  })
  .refine(oneWayOfCollections.check, oneWayOfCollections.fault)
  .meta({ id: 'ChatRequest', example: { query: 'What must the cache hit rate be?' } });

export type ChatRequest = z.infer<typeof chatRequest>;
