import { z } from 'zod';
import { timestamp } from '../../../platform/http/schemas.js';
import type { RagStats } from '../rag-stats.service.js';
import type { Reembedding } from '../rag.types.js';

export const ragStatsResponse = z
  .object({
    documents: z.int(),
    documents_by_status: z.record(z.string(), z.int()),
    chunks: z.int(),
    vectors: z.int(),
    bytes: z.int().describe('Of the sources'),
    embedding_model: z.string().describe('The embedding that searches compare vectors in'),
    reembedding: z
      .object({ to: z.string(), done: z.int(), total: z.int(), started_at: timestamp, error: z.string().nullable(), retry_at: timestamp.nullable() })
      .nullable()
      .describe('The change to another embedding that is under way, in chunks; `error` says why it stands still'),
    analyser: z.string().describe('Version of the text analysis, with that of AI_STACK_USER_DICTIONARY'),
    documents_outdated: z.int().describe('Ready documents that were analysed by another version; `GET /rag/documents?analyser=outdated` lists them'),
    index: z.object({ state: z.enum(['ready', 'compacting']), seq: z.int(), documents: z.int(), chunks: z.int(), heap_bytes: z.int(), mapped_bytes: z.int() }),
  })
  .meta({
    id: 'RagStats',
    example: { documents: 12, documents_by_status: { ready: 12 }, chunks: 340, vectors: 340, bytes: 1_048_576, embedding_model: 'lexical@1/512', reembedding: null, analyser: '2', documents_outdated: 0, index: { state: 'ready', seq: 12, documents: 12, chunks: 340, heap_bytes: 2_097_152, mapped_bytes: 0 } },
  });

export function toRagStatsResponse({ documents, outdated, analyser, byStatus, chunks, bytes, index, reembedding }: RagStats): z.infer<typeof ragStatsResponse> {
  return {
    documents, documents_by_status: byStatus, chunks, vectors: index.vectors, bytes, embedding_model: index.vectorSpace, analyser, documents_outdated: outdated,
    reembedding: reembedding ? toReembedding(reembedding) : null,
    index: { state: index.compacting ? 'compacting' : 'ready', seq: index.seq, documents: index.documents, chunks: index.chunks, heap_bytes: index.bytes.heap, mapped_bytes: index.bytes.mapped },
  };
}

function toReembedding({ space, done, total, startedAt, error, retryAt }: Reembedding) {
  return { to: space, done, total, started_at: new Date(startedAt).toISOString(), error: error ?? null, retry_at: retryAt ?? null };
}
