import { z } from 'zod';
import { cursorPageOf, timestamp, uuid } from '../../../platform/http/schemas.js';
import type { ChunkView, DocumentView, IngestReceipt } from '../rag.types.js';

const exampleId = '019aa4c5-8a52-7c3e-9f34-0242ac120002';

export const ingestResponse = z
  .object({ doc_id: uuid, status: z.literal('ready'), chunk_count: z.int(), duplicate: z.boolean().describe('The same content was there already; this is that document'), seq: z.int().optional().describe('Pass it as min_seq to a search on another process to read this write') })
  .meta({ id: 'IngestReceipt', example: { doc_id: exampleId, status: 'ready', chunk_count: 1, duplicate: false, seq: 42 } });

export const documentResponse = z
  .object({
    doc_id: uuid,
    title: z.string(),
    source: z.string().nullable(),
    filename: z.string().nullable(),
    collection: z.string(),
    mime: z.string().nullable(),
    bytes: z.int(),
    pages: z.int().nullable(),
    chunk_count: z.int(),
    status: z.enum(['queued', 'processing', 'ready', 'failed']),
    progress: z.object({ stage: z.string(), percent: z.number() }).nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable().describe('Why it failed'),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })).describe('What a reader should know, e.g. pages that could not be read'),
    metadata: z.record(z.string(), z.unknown()),
    task_id: uuid.nullable(),
    analyser: z.string().nullable().describe('Version of the text analysis that made its terms; see `GET /rag/stats`'),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({
    id: 'Document',
    example: {
      doc_id: exampleId, title: 'Operating targets', source: null, filename: 'targets.pdf', collection: 'default', mime: 'application/pdf', bytes: 48_213, pages: 3, chunk_count: 7, status: 'ready',
      progress: null, error: null, warnings: [], metadata: { department: 'it' }, task_id: null, analyser: '2', created_at: '2026-11-21T10:00:00.000Z', updated_at: '2026-11-21T10:00:02.000Z',
    },
  });

export const documentPageResponse = cursorPageOf(documentResponse, 'DocumentPage');

export const uploadResponse = z
  .object({ items: z.array(z.object({ doc_id: uuid, task_id: uuid, filename: z.string(), status: z.enum(['queued', 'processing', 'ready', 'failed']), duplicate: z.boolean(), error: z.object({ code: z.string(), message: z.string() }).nullable() })) })
  .meta({ id: 'UploadReceipt', example: { items: [{ doc_id: exampleId, task_id: exampleId, filename: 'targets.pdf', status: 'queued', duplicate: false, error: null }] } });

export const chunkResponse = z
  .object({ chunk_id: uuid, ordinal: z.int(), start: z.int(), end: z.int(), page: z.int().nullable(), headings: z.array(z.string()), text: z.string(), token_count: z.int() })
  .meta({ id: 'Chunk', example: { chunk_id: exampleId, ordinal: 0, start: 0, end: 51, page: 1, headings: ['Targets'], text: 'The cache hit rate must stay above seventy percent.', token_count: 11 } });

export const chunkPageResponse = cursorPageOf(chunkResponse, 'ChunkPage');

export const contentResponse = z
  .object({ doc_id: uuid, content: z.string(), length: z.int().describe('Characters (UTF-16 code units, as offsets count them)') })
  .meta({ id: 'DocumentContent', example: { doc_id: exampleId, content: 'The cache hit rate must stay above seventy percent.', length: 51 } });

export const batchResponse = z
  .object({ items: z.array(z.object({ index: z.int(), doc_id: uuid, status: z.enum(['deleted', 'not_found']) })), succeeded: z.int(), failed: z.int() })
  .meta({ id: 'BatchDeleteResult', example: { items: [{ index: 0, doc_id: exampleId, status: 'deleted' }], succeeded: 1, failed: 0 } });

export function toIngestResponse({ documentId, chunkCount, duplicate, seq }: IngestReceipt): z.infer<typeof ingestResponse> {
  return { doc_id: documentId, status: 'ready', chunk_count: chunkCount, duplicate, ...(seq === undefined ? {} : { seq }) };
}

export function toDocumentResponse(view: DocumentView): z.infer<typeof documentResponse> {
  const { id, title, source, filename, collection, mime, bytes, pages, chunkCount, progress, error, warnings, metadata, taskId, analyser } = view;
  return {
    doc_id: id, title: title || filename || 'Untitled', source, filename, collection, mime, bytes, pages, chunk_count: chunkCount, status: view.status as 'ready', progress, error, warnings, metadata, task_id: taskId, analyser,
    created_at: view.createdAt.toISOString(), updated_at: view.updatedAt.toISOString(),
  };
}

export function toChunkResponse({ id, ordinal, start, end, page, headings, text, tokenCount }: ChunkView): z.infer<typeof chunkResponse> {
  return { chunk_id: id, ordinal, start, end, page, headings, text, token_count: tokenCount };
}
