import { z } from 'zod';
import { toFailure, toProblem } from '../../../platform/http/http-error.js';
import { problemSchema } from '../../../platform/http/problem-responses.js';
import { uuid } from '../../../platform/http/schemas.js';
import { searchModes } from '../../search/search.types.js';
import type { SearchItem } from '../rag.types.js';

const highlight = z.object({ text: z.string(), ranges: z.array(z.array(z.int()).length(2)).describe('Matches as [start, end) into `text`') });

export const searchItemResponse = z
  .object({
    chunk_id: uuid,
    doc_id: uuid,
    title: z.string(),
    text: z.string(),
    headings: z.array(z.string()),
    score: z.number().describe('Comparable within one answer only'),
    keyword_score: z.number().nullable(),
    vector_score: z.number().nullable(),
    page: z.int().nullable(),
    start: z.int().describe('Offset into the content of the document'),
    end: z.int(),
    highlights: z.array(highlight),
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({
    id: 'SearchItem',
    example: {
      chunk_id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', doc_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', title: 'Operating targets', text: 'The cache hit rate must stay above seventy percent.', headings: [], score: 1,
      keyword_score: 2.31, vector_score: 0.61, page: 1, start: 0, end: 51, highlights: [{ text: 'The cache hit rate must stay above seventy percent.', ranges: [[4, 9], [10, 13], [14, 18]] }], metadata: {},
    },
  });

const searchExample = { items: [searchItemResponse.meta()?.example], took_ms: 1.4, mode: 'hybrid' };

export const searchResponse = z.object({ items: z.array(searchItemResponse), took_ms: z.number(), mode: z.enum(searchModes) }).meta({ id: 'SearchResult', example: searchExample });

const failedSearch = z.object({ error: problemSchema }).meta({ id: 'FailedSearch' });

export const batchSearchResponse = z.object({ results: z.array(z.union([searchResponse, failedSearch])) }).meta({ id: 'BatchSearchResult', example: { results: [searchExample] } });

export function toSearchItem(item: SearchItem): z.infer<typeof searchItemResponse> {
  const { chunkId, documentId, title, text, headings, score, keywordScore = null, vectorScore = null, page, start, end, highlights, metadata } = item;
  return { chunk_id: chunkId, doc_id: documentId, title, text, headings, score, keyword_score: keywordScore, vector_score: vectorScore, page, start, end, highlights, metadata };
}

/** @throws what is no fault of the search */
export function toFailedSearch(error: unknown, requestId: string): z.infer<typeof failedSearch> {
  const failure = toFailure(error);
  if (failure.unexpected) throw error;
  return { error: toProblem(failure, requestId) };
}
