import { z } from 'zod';
import { uuid } from '../../../platform/http/schemas.js';
import type { ToolRun } from '../../engine/engine.types.js';
import type { Citation, CitedAnswer } from '../smart-qa.types.js';

const share = z.number().min(0).max(1);

export const citationResponse = z
  .object({
    index: z.int().describe('The [n] in the answer'),
    doc_id: uuid,
    chunk_id: uuid,
    title: z.string(),
    page: z.int().nullable(),
    start: z.int().describe('Offset into the content of the document'),
    end: z.int(),
    quote: z.string().describe('Exactly content.slice(start, end)'),
    score: z.number(),
  })
  .meta({ id: 'Citation' });

export const qualityResponse = z
  .object({
    score: share,
    groundedness: share.describe('How much of the answer the cited passages support'),
    relevance: share.describe('How far it speaks about what was asked'),
    coverage: share.describe('How much of the question the evidence covers'),
  })
  .meta({ id: 'AnswerQuality' });

const memoryUse = z
  .object({
    found: z.int().describe('So many memories were found'),
    missed: z.enum(['timeout', 'failed']).optional().describe('Why the answer was made without all of them'),
    took_ms: z.number(),
  })
  .meta({ id: 'MemoryUse' });

const toolRun = z.object({ name: z.string(), ok: z.boolean(), took_ms: z.number() }).meta({ id: 'ToolRun' });

const answerExample = {
  answer: 'The cache hit rate must stay above seventy percent. [1]',
  citations: [{ index: 1, doc_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', chunk_id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', title: 'Operating targets', page: null, start: 0, end: 51, quote: 'The cache hit rate must stay above seventy percent.', score: 0.93 }],
  quality: { score: 0.91, groundedness: 1, relevance: 0.84, coverage: 0.9 },
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
    citations: z.array(citationResponse),
    quality: qualityResponse,
    finish_reason: z.enum(['stop', 'length', 'cancelled', 'tool_calls']).describe('Why the answer ends: it is whole, the model had no room for more, somebody stopped it, or tools are to be run'),
    refused: z.boolean().describe('The documents do not answer the question'),
    conversation_id: uuid,
    message_id: uuid,
    engine: z.string().describe('Who made the answer'),
    engine_reason: z.enum(['requested', 'tenant', 'default', 'failover']).describe('Why this engine: named by the request, chosen by the tenant, of the installation, or in place of one that is down'),
    memory: memoryUse.optional().describe('What memories of the user gave to the answer; absent when none were looked for'),
    tool_runs: z.array(toolRun).optional().describe('Tools that ran for the answer'),
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

export const feedbackResponse = z.object({ id: uuid }).meta({ id: 'FeedbackReceipt', example: { id: '019aa4c5-8a52-7c3e-9f34-0242ac120006' } });

export function toCitationResponse(citation: Citation): z.infer<typeof citationResponse> {
  const { index, documentId, chunkId, title, page, start, end, quote, score } = citation;
  return { index, doc_id: documentId, chunk_id: chunkId, title, page, start, end, quote, score };
}

export function toChatResponse(answer: CitedAnswer): z.infer<typeof chatResponse> {
  const { citations, quality, finishReason, refused, conversationId, messageId, engine, engineReason, memory, toolRuns, tookMs } = answer;
  const used = { memory: memory && { found: memory.found, missed: memory.missed, took_ms: rounded(memory.tookMs) }, tool_runs: toolRuns?.map(toToolRun) };
  return { answer: answer.answer, citations: citations.map(toCitationResponse), quality, finish_reason: finishReason, refused, conversation_id: conversationId, message_id: messageId, engine, engine_reason: engineReason, ...used, took_ms: tookMs };
}

export function toToolRun({ name, ok, tookMs }: ToolRun): z.infer<typeof toolRun> {
  return { name, ok, took_ms: rounded(tookMs) };
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
