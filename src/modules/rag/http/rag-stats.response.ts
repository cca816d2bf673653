import { z } from 'zod';
import type { RagStats } from '../rag-stats.service.js';

export const ragStatsResponse = z
  .object({
    documents: z.int(),
    documents_by_status: z.record(z.string(), z.int()),
    chunks: z.int(),
    vectors: z.int(),
    bytes: z.int().describe('Of the sources'),
    embedding_model: z.string(),
    analyser: z.string().describe('Version of the text analysis, with that of AI_STACK_USER_DICTIONARY'),
    documents_outdated: z.int().describe('Ready documents that were analysed by another version; `GET /rag/documents?analyser=outdated` lists them'),
    index: z.object({ state: z.enum(['ready', 'compacting']), seq: z.int(), documents: z.int(), chunks: z.int(), heap_bytes: z.int(), mapped_bytes: z.int() }),
  })
  .meta({
    id: 'RagStats',
    example: { documents: 12, documents_by_status: { ready: 12 }, chunks: 340, vectors: 340, bytes: 1_048_576, embedding_model: 'lexical@1/512', analyser: '2', documents_outdated: 0, index: { state: 'ready', seq: 12, documents: 12, chunks: 340, heap_bytes: 2_097_152, mapped_bytes: 0 } },
  });

export function toRagStatsResponse({ documents, outdated, analyser, byStatus, chunks, bytes, index }: RagStats): z.infer<typeof ragStatsResponse> {
  return {
    documents, documents_by_status: byStatus, chunks, vectors: index.vectors, bytes, embedding_model: index.embeddingSpace, analyser, documents_outdated: outdated,
    index: { state: index.compacting ? 'compacting' : 'ready', seq: index.seq, documents: index.documents, chunks: index.chunks, heap_bytes: index.bytes.heap, mapped_bytes: index.bytes.mapped },
  };
}
