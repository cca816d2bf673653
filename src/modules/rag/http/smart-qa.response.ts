import { z } from 'zod';
import { uuid } from '../../../platform/http/schemas.js';
import { citationForm, engineReasonForm, finishReasonForm, memoryUseForm, qualityForm, toolRunForm } from '../../engine/answer-record.js';
import { toCitationForm, toMemoryUseForm, toToolRunForm } from '../core/answer-form.js';
import type { CitedAnswer } from '../smart-qa.types.js';

const answerExample = {
  answer: 'The cache hit rate must stay above seventy percent. [1]',
  citations: [citationForm.meta()?.example],
  quality: qualityForm.meta()?.example,
  finish_reason: 'stop' as const,
  refused: false,
  conversation_id: '019aa4c5-8a52-7c3e-9f34-0242ac120004',
  message_id: '019aa4c5-8a52-7c3e-9f34-0242ac120005',
  engine: 'chat',
  engine_reason: 'default' as const,
  memory: { found: 1, took_ms: 1.8 },
  took_ms: 6.2,
};

export const chatResponse = z
  .object({
    answer: z.string(),
    citations: z.array(citationForm),
    quality: qualityForm,
    finish_reason: finishReasonForm,
    refused: z.boolean().describe('The documents do not answer the question'),
    conversation_id: uuid,
    message_id: uuid,
    engine: z.string().describe('Who made the answer'),
    engine_reason: engineReasonForm,
    memory: memoryUseForm.optional().describe('What memories of the user gave to the answer; absent when none were looked for'),
    tool_runs: z.array(toolRunForm).optional().describe('Tools that ran for the answer'),
    took_ms: z.number(),
  })
  .meta({
    id: 'Answer',
    example: answerExample,
  });

/** The same answer as server-sent events. */
export const answerStream = {
  description:
    'With `stream: true`: `delta` ({text}, in order), between them `reasoning` ({text}) of models that think aloud and `tool_run` for each tool that ran; then a `citation` for each source, `quality`, and `done` with the whole answer; ' +
    '`error` with a Problem ends it when it breaks off. Each event has an `id`: the same request with the last one as `Last-Event-ID` goes on after it when the connection broke. Lines that begin with a colon keep the connection alive.',
  example: [
    { event: 'delta', data: { text: 'The cache hit rate must stay above seventy percent. [1]' } },
    { event: 'citation', data: answerExample.citations[0] },
    { event: 'quality', data: answerExample.quality },
    { event: 'done', data: answerExample },
  ]
    .map(({ event, data }, index) => `id: 019aa4c5-8a52-7c3e-9f34-0242ac120007.${index + 1}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    .join(''),
};

export function toChatResponse(answer: CitedAnswer): z.infer<typeof chatResponse> {
  const { citations, quality, finishReason, refused, conversationId, messageId, engine, engineReason, memory, toolRuns, tookMs } = answer;
  const used = { memory: memory && toMemoryUseForm(memory), tool_runs: toolRuns?.map(toToolRunForm) };
  return { answer: answer.answer, citations: citations.map(toCitationForm), quality, finish_reason: finishReason, refused, conversation_id: conversationId, message_id: messageId, engine, engine_reason: engineReason, ...used, took_ms: tookMs };
}
