import { z } from 'zod';
import { cursorPageOf, timestamp, uuid } from '../../../platform/http/schemas.js';
import type { TurnFigures } from '../memory-turn.types.js';
import type { MemoryAnswer, MemoryChange, MemoryHistoryView, MemoryView } from '../memory.types.js';

const id = '019aa4c5-8a52-7c3e-9f34-0242ac120004';
const at = '2026-11-21T10:00:00.000Z';
const example = { id, text: 'Prefers aisle seats', user_id: null, metadata: { source: 'call' }, created_at: at, updated_at: at, expires_at: null };

export const memoryResponse = z
  .object({
    id: uuid,
    text: z.string(),
    user_id: z.string().nullable().describe('Null: your own'),
    metadata: z.record(z.string(), z.unknown()),
    created_at: timestamp,
    updated_at: timestamp,
    expires_at: timestamp.nullable(),
  })
  .meta({ id: 'Memory', example });

export const memoryPageResponse = cursorPageOf(memoryResponse, 'MemoryPage');

const event = z.enum(['ADD', 'UPDATE', 'DELETE']);

export const memoryChangesResponse = z
  .object({ items: z.array(z.object({ id: uuid, text: z.string(), event, old_text: z.string().optional() })).describe('What changed; empty when nothing was worth keeping, or all was known') })
  .meta({ id: 'MemoryChanges', example: { items: [{ id, text: 'Prefers aisle seats', event: 'ADD' }] } });

export const memorySearchResponse = z
  .object({
    items: z.array(memoryResponse.extend({ score: z.number().describe('0 to 1; comparable within one search') })),
    timed_out: z.boolean().describe('Something was not waited for: the answer may lack memories'),
  })
  .meta({ id: 'MemorySearchAnswer', example: { items: [{ ...example, score: 0.97 }], timed_out: false } });

export const memoryHistoryResponse = z
  .object({ items: z.array(z.object({ id: uuid, event, old_text: z.string().nullable(), new_text: z.string().nullable(), created_at: timestamp })) })
  .meta({ id: 'MemoryHistoryAnswer', example: { items: [{ id, event: 'ADD', old_text: null, new_text: 'Prefers aisle seats', created_at: at }] } });

export const memoriesForgottenResponse = z.object({ deleted: z.int() }).meta({ id: 'MemoriesForgotten', example: { deleted: 12 } });

export const memoryQueueResponse = z
  .object({
    queued: z.int().describe('Turns that wait to be learnt from'),
    failed: z.int().describe('Turns that were given up in the last seven days'),
    oldest_queued_at: timestamp.nullable(),
    failures: z
      .array(z.object({ id: uuid, target: z.string().describe('Who was to learn from it: `own`, `mem0`'), user_id: z.string().nullable(), attempts: z.int(), error: z.string().nullable(), accepted_at: timestamp, failed_at: timestamp }))
      .describe('The newest 20'),
  })
  .meta({ id: 'MemoryQueue', example: { queued: 0, failed: 1, oldest_queued_at: null, failures: [{ id, target: 'mem0', user_id: null, attempts: 8, error: 'The mem0 server answered 500.', accepted_at: at, failed_at: at }] } });

export function toMemoryQueueResponse({ queued, failed, oldestQueuedAt, failures }: TurnFigures): z.infer<typeof memoryQueueResponse> {
  return {
    queued,
    failed,
    oldest_queued_at: oldestQueuedAt?.toISOString() ?? null,
    failures: failures.map(({ userId, acceptedAt, failedAt, ...turn }) => ({ ...turn, user_id: userId || null, accepted_at: acceptedAt.toISOString(), failed_at: failedAt.toISOString() })),
  };
}

export function toMemoryResponse(view: MemoryView): z.infer<typeof memoryResponse> {
  return {
    id: view.id,
    text: view.text,
    user_id: view.userId || null,
    metadata: view.metadata,
    created_at: view.createdAt.toISOString(),
    updated_at: view.updatedAt.toISOString(),
    expires_at: view.expiresAt?.toISOString() ?? null,
  };
}

export function toMemoryChangesResponse(changes: MemoryChange[]): z.infer<typeof memoryChangesResponse> {
  return { items: changes.map(({ oldText, ...change }) => ({ ...change, ...(oldText === undefined ? {} : { old_text: oldText }) })) };
}

export function toMemorySearchResponse({ items, timedOut }: MemoryAnswer): z.infer<typeof memorySearchResponse> {
  return { items: items.map((item) => ({ ...toMemoryResponse(item), score: item.score })), timed_out: timedOut };
}

export function toMemoryHistoryResponse(changes: MemoryHistoryView[]): z.infer<typeof memoryHistoryResponse> {
  return { items: changes.map(({ id: changeId, event: kind, oldText, newText, createdAt }) => ({ id: changeId, event: kind, old_text: oldText, new_text: newText, created_at: createdAt.toISOString() })) };
}
