import { z } from 'zod';
import { boundedText, metadata, nonEmptyText, timestamp, uuidCursorQuery } from '../../../platform/http/schemas.js';

const userId = boundedText(255).describe('Somebody whom you serve, by your own name for them; without it, your own memories').meta({ example: 'customer-17' });
const expiry = timestamp.describe('Not shown from then on').meta({ example: '2027-01-31T00:00:00.000Z' });

const turn = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: nonEmptyText(20_000) });

export const forgetQuery = z
  .object({ user_id: userId.optional(), all: z.enum(['true', 'false']).optional().describe('true: your own and those of everybody whom you serve; not beside `user_id`').meta({ example: 'true' }) })
  .refine(({ user_id, all }) => user_id === undefined || all !== 'true', { path: ['all'], message: 'send either user_id or all' });
export type ForgetQuery = z.infer<typeof forgetQuery>;

export const memoryListQuery = uuidCursorQuery.extend({ user_id: userId.optional() });
export type MemoryListQuery = z.infer<typeof memoryListQuery>;

export const addMemoryRequest = z
  .strictObject({
    text: nonEmptyText(8_000).optional().describe('Kept as it is, unless it is known'),
    messages: z.array(turn).min(1).max(100).optional().describe('A turn of a conversation: what is worth it is kept'),
    user_id: userId.optional(),
    metadata: metadata.optional(),
    expires_at: expiry.optional(),
  })
  .refine(({ text, messages }) => (text === undefined) !== (messages === undefined), { path: ['text'], message: 'send either text or messages' })
  .meta({ id: 'AddMemoryRequest', example: { text: 'Prefers aisle seats', metadata: { source: 'call' } } });
export type AddMemoryRequest = z.infer<typeof addMemoryRequest>;

export const searchMemoriesRequest = z
  .strictObject({
    query: nonEmptyText(2_000),
    user_id: userId.optional(),
    limit: z.int().min(1).max(100).default(10),
    threshold: z.number().min(0).max(1).default(0).describe('Least score'),
  })
  .meta({ id: 'SearchMemoriesRequest', example: { query: 'Which seat?', limit: 5 } });
export type SearchMemoriesRequest = z.infer<typeof searchMemoriesRequest>;

export const updateMemoryRequest = z
  .strictObject({ text: nonEmptyText(8_000).optional(), metadata: metadata.optional(), expires_at: expiry.nullable().optional() })
  .meta({ id: 'UpdateMemoryRequest', example: { text: 'Prefers window seats' } });
export type UpdateMemoryRequest = z.infer<typeof updateMemoryRequest>;
