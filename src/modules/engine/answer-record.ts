import { z } from 'zod';
import { timestamp, uuid } from '../../platform/http/schemas.js';

// What is told and kept of an answer, in one form: doors answer it, messages hold it, judgements copy it.

const share = z.number().min(0).max(1);
const milliseconds = z.number().min(0);

export const citationForm = z
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
  .meta({
    id: 'Citation',
    example: { index: 1, doc_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', chunk_id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', title: 'Operating targets', page: null, start: 0, end: 51, quote: 'The cache hit rate must stay above seventy percent.', score: 0.93 },
  });

export const qualityForm = z
  .object({
    score: share,
    groundedness: share.describe('How much of the answer the cited passages support'),
    relevance: share.describe('How far it speaks about what was asked'),
    coverage: share.describe('How much of the question the evidence covers'),
  })
  .meta({ id: 'AnswerQuality', example: { score: 0.91, groundedness: 1, relevance: 0.84, coverage: 0.9 } });

export const memoryUseForm = z
  .object({
    found: z.int().describe('So many memories were found'),
    missed: z.enum(['timeout', 'failed']).optional().describe('Why the answer was made without all of them'),
    took_ms: milliseconds,
  })
  .meta({ id: 'MemoryUse', example: { found: 1, took_ms: 1.8 } });

export const toolRunForm = z.object({ name: z.string(), ok: z.boolean(), took_ms: milliseconds }).meta({ id: 'ToolRun', example: { name: 'calculator', ok: true, took_ms: 0.4 } });

export const finishReasonForm = z
  .enum(['stop', 'length', 'cancelled', 'tool_calls'])
  .describe('Why the answer ends: it is whole, the model had no room for more, somebody stopped it, or tools are to be run');

export const engineReasonForm = z
  .enum(['requested', 'tenant', 'default', 'failover'])
  .describe('Why this engine: named by the request, chosen by the tenant, of the installation, or in place of one that is down');

const retrievedPassage = z.object({
  chunk_id: uuid,
  doc_id: uuid,
  score: z.number(),
  title: z.string().optional(),
  start: z.int().optional().describe('Offset into the content of the document'),
  end: z.int().optional(),
  sha256: z.string().optional().describe('Of its text in UTF-8, base64url'),
});

/** What a message keeps of the answer that it is: enough to repeat the question under the same conditions. Earlier versions kept less. */
export const answerRecord = z
  .looseObject({
    citations: z.array(citationForm),
    quality: qualityForm,
    refused: z.boolean().describe('The documents do not answer the question'),
    engine: z.string(),
    engine_reason: engineReasonForm,
    model: z.string(),
    finish_reason: finishReasonForm,
    took_ms: milliseconds,
    memory: memoryUseForm.optional(),
    tool_runs: z.array(toolRunForm).optional(),
    query: z.string().describe('The question as searched: follow-ups are completed'),
    mode: z.enum(['hybrid', 'vector', 'keyword']).describe('How it was searched'),
    collections: z.array(z.string()).nullable().describe('The only ones that were searched, as the question named them'),
    filter: z.record(z.string(), z.unknown()).nullable().describe('What the metadata of documents had to meet'),
    top_k: z.int(),
    personality: z.object({ id: uuid, name: z.string(), updated_at: timestamp }).nullable(),
    retrieved: z.array(retrievedPassage).describe('The passages that the answer could draw on, the best first'),
    index_seq: z.int().describe('Where the index stood'),
    embedding_space: z.string(),
    version: z.string().describe('Of the program'),
  })
  .partial()
  .meta({
    id: 'AnswerRecord',
    example: {
      citations: [citationForm.meta()?.example], quality: qualityForm.meta()?.example, refused: false, engine: 'chat', engine_reason: 'default', model: 'extractive', finish_reason: 'stop', took_ms: 6.2,
      query: 'What must the cache hit rate be?', mode: 'hybrid', collections: null, filter: null, top_k: 8, personality: null, index_seq: 12, embedding_space: 'lexical@1/1024', version: '0.1.0',
      retrieved: [{ chunk_id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', doc_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', score: 0.93, title: 'Operating targets', start: 0, end: 51, sha256: 'bXv8Jj0m1p1gq2u0Yx2rT5wNn0c9hQ4vXl3k7eZs6aA' }],
    },
  });

export type AnswerRecord = z.infer<typeof answerRecord>;
