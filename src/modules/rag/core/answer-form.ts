import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { AnswerRecord, citationForm, memoryUseForm, toolRunForm } from '../../engine/answer-record.js';
import type { MemoryUse, ToolRun } from '../../engine/engine.types.js';
import type { SearchItem } from '../rag.types.js';
import type { Citation, CitedAnswer } from '../smart-qa.types.js';

/** What an answer was made from, beside the answer itself. */
export type AnswerSource = Required<Pick<AnswerRecord, 'query' | 'mode' | 'collections' | 'filter' | 'top_k' | 'personality' | 'index_seq' | 'embedding_space' | 'version'>>;

export function toCitationForm({ index, documentId, chunkId, title, page, start, end, quote, score }: Citation): z.infer<typeof citationForm> {
  return { index, doc_id: documentId, chunk_id: chunkId, title, page, start, end, quote, score };
}

export function toMemoryUseForm({ found, missed, tookMs }: MemoryUse): z.infer<typeof memoryUseForm> {
  return { found, missed, took_ms: rounded(tookMs) };
}

export function toToolRunForm({ name, ok, tookMs }: ToolRun): z.infer<typeof toolRunForm> {
  return { name, ok, took_ms: rounded(tookMs) };
}

/** What a message keeps of an answer. Texts of passages are in the documents; their hashes tell whether they still are. */
export function toAnswerRecord({ citations, quality, refused, engine, engineReason, model, finishReason, tookMs, memory, toolRuns }: CitedAnswer, source: AnswerSource, items: readonly SearchItem[]): AnswerRecord {
  return {
    citations: citations.map(toCitationForm),
    quality,
    refused,
    engine,
    engine_reason: engineReason,
    model,
    finish_reason: finishReason,
    took_ms: tookMs,
    memory: memory && toMemoryUseForm(memory),
    tool_runs: toolRuns?.map(toToolRunForm),
    ...source,
    retrieved: items.map(({ chunkId, documentId, score, title, start, end, text }) => ({ chunk_id: chunkId, doc_id: documentId, score, title, start, end, sha256: hashOfPassage(text) })),
  };
}

export function hashOfPassage(text: string): string {
  return hash('sha256', text, 'base64url');
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
