import { z } from 'zod';
import { cursorPageOf, timestamp, uuid } from '../../../platform/http/schemas.js';
import { answerRecord } from '../answer-record.js';
import type { ConversationView, MessageView } from '../conversation.types.js';

export const conversationResponse = z
  .object({ id: uuid, title: z.string().nullable(), message_count: z.int(), created_at: timestamp, updated_at: timestamp })
  .meta({ id: 'Conversation', example: { id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', title: 'Lease terms', message_count: 2, created_at: '2026-11-21T10:00:00.000Z', updated_at: '2026-11-21T10:00:01.000Z' } });

export const conversationPageResponse = cursorPageOf(conversationResponse, 'ConversationPage');

export const messageResponse = z
  .object({ id: uuid, role: z.string(), content: z.string(), metadata: answerRecord.describe('Of an answer; of a question it is empty'), created_at: timestamp })
  .meta({ id: 'Message', example: { id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', role: 'user', content: 'When does the lease end?', metadata: {}, created_at: '2026-11-21T10:00:00.000Z' } });

export const messagePageResponse = cursorPageOf(messageResponse, 'MessagePage');

export function toConversationResponse(view: ConversationView): z.infer<typeof conversationResponse> {
  return { id: view.id, title: view.title, message_count: view.messageCount, created_at: view.createdAt.toISOString(), updated_at: view.updatedAt.toISOString() };
}

export function toMessageResponse(view: MessageView): z.infer<typeof messageResponse> {
  return { id: view.id, role: view.role, content: view.content, metadata: view.metadata, created_at: view.createdAt.toISOString() };
}
