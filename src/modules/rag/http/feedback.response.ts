import { z } from 'zod';
import { timestamp, uuid } from '../../../platform/http/schemas.js';
import { answerRecord } from '../../engine/answer-record.js';
import type { FeedbackView } from '../../engine/conversation.types.js';

const id = '019aa4c5-8a52-7c3e-9f34-0242ac120006';
const recorded = answerRecord.meta()?.example as { retrieved: object[] };

export const feedbackReceiptResponse = z.object({ id: uuid }).meta({ id: 'FeedbackReceipt', example: { id } });

const passage = answerRecord.shape.retrieved.unwrap().element.extend({
  text: z.string().nullable().optional().describe('Null where the passage had changed or was gone when the answer was judged, or had no room beside better ones'),
});
const personality = answerRecord.shape.personality.unwrap().unwrap().extend({
  system_prompt: z.string().optional().describe('As it was for the answer; absent, like all that follows, when it had been changed before the judgement'),
  tone: z.string().nullable().optional(),
  model: z.string().nullable().optional(),
  temperature: z.number().nullable().optional(),
  tools: z.array(z.string()).nullable().optional(),
});

const context = answerRecord
  .extend({ question: z.string().nullable(), answer: z.string(), retrieved: z.array(passage).optional(), personality: personality.nullable().optional() })
  .meta({ id: 'FeedbackContext', example: { ...recorded, question: 'What must the cache hit rate be?', answer: 'The cache hit rate must stay above seventy percent. [1]', retrieved: recorded.retrieved.map((one) => ({ ...one, text: 'The cache hit rate must stay above seventy percent.' })) } });

const feedbackResponse = z
  .object({ id: uuid, message_id: uuid, user_id: z.string().describe('The principal who judged'), rating: z.enum(['up', 'down']), comment: z.string().nullable(), context, created_at: timestamp })
  .meta({
    id: 'Feedback',
    example: { id, message_id: '019aa4c5-8a52-7c3e-9f34-0242ac120005', user_id: '019aa4c5-8a52-7c3e-9f34-0242ac120001', rating: 'down', comment: 'The figure is from last year.', context: context.meta()?.example, created_at: '2026-11-21T10:00:00.000Z' },
  });

export const feedbackPageResponse = z
  .object({ items: z.array(feedbackResponse), next_cursor: uuid.nullable().describe('For the next page; null after the last one') })
  .meta({ id: 'FeedbackPage', example: { items: [feedbackResponse.meta()?.example], next_cursor: null } });

export function toFeedbackResponse({ id: feedbackId, messageId, userId, rating, comment, context: seen, createdAt }: FeedbackView): z.infer<typeof feedbackResponse> {
  return { id: feedbackId, message_id: messageId, user_id: userId, rating, comment, context: seen, created_at: createdAt.toISOString() };
}
