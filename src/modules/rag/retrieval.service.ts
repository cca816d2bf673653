import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import { analyzeQuery, highlight } from '#libs/text';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
import { CacheService } from '../cache/cache.service.js';
import { IndexService } from '../search/index.service.js';
import type { IndexHit, SearchMode } from '../search/search.types.js';
import { ChunkStore, type FoundChunk } from './adapters/chunk.store.js';
import { CollectionStore } from './adapters/collection.store.js';
import { DocumentStore } from './adapters/document.store.js';
import { MetadataFilterSql, type MetadataFilter } from './core/metadata-filter.js';
import type { SearchAnswer, SearchItem, SearchRequest } from './rag.types.js';

/** Results are keyed by the index position they were computed from; this only bounds how long unused ones stay. */
const resultTtlMs = 300_000;
const fragmentLength = 160;
const fragments = 2;

/** `mode` is what was done; see IndexAnswer. */
type Found = Pick<SearchAnswer, 'items' | 'mode' | 'version'>;

/** Search over chunks: the index ranks, the tables give the text. */
@Injectable()
export class RetrievalService {
  constructor(
    private readonly index: IndexService,
    private readonly chunks: ChunkStore,
    private readonly cache: CacheService,
    private readonly collections: CollectionStore,
    private readonly documents: DocumentStore,
  ) {}

  async search(request: SearchRequest): Promise<SearchAnswer> {
    const startedAt = performance.now();
    if (request.minSeq !== undefined) await this.index.reach(request.minSeq);
    const seq = await this.index.seq();
    const { query, topK, mode, collection, filter } = request;
    // By its key: a collection may take another one's name.
    const collectionKey = collection === undefined ? undefined : (await this.collections.resolve(collection)).key;
    const key = JSON.stringify([seq, query, topK, mode, collectionKey ?? null, filter ?? null]);
    const load = () => this.find(request, collectionKey, seq);
    const { value, state } = await this.cache.getOrLoad<Found>({ namespace: 'search', key, ttlMs: resultTtlMs, cacheable: (found) => found.mode === mode }, load);
    return { ...value, tookMs: Math.round((performance.now() - startedAt) * 10) / 10, cache: state };
  }

  private async find({ query, topK, mode, filter }: SearchRequest, collectionKey: number | undefined, seq: number): Promise<Found> {
    const collections = collectionKey === undefined ? undefined : [collectionKey];
    const documents = filter === undefined ? undefined : await this.matching(filter, seq);
    if (documents?.size === 0) return named([], mode);
    const { hits, mode: done } = await this.index.query({ text: query, mode, limit: topK, collections, documents });
    const found = await this.chunks.byKeys(hits.map((hit) => hit.key));
    const terms = new Set(analyzeQuery(query).map((token) => token.term));
    const items = hits.flatMap((hit) => {
      const chunk = found.get(hit.key);
      return chunk ? [toItem(hit, chunk, terms)] : [];
    });
    return named(items, done);
  }

  private async matching(filter: MetadataFilter, seq: number): Promise<ReadonlySet<number>> {
    const parameters: unknown[] = [];
    const condition = new MetadataFilterSql('d.metadata', parameters).build(filter);
    const key = JSON.stringify([seq, condition, parameters]);
    const { value } = await this.cache.getOrLoad({ namespace: 'search', key: `filter:${key}`, ttlMs: resultTtlMs }, async () => await this.documents.keysWhere(condition, parameters));
    return new Set(value);
  }
}

/** Named by what was found, not by what was asked: the same question has another answer while the embedding endpoint is down. */
function named(items: SearchItem[], mode: SearchMode): Found {
  return { items, mode, version: hash('sha1', JSON.stringify([requireTenant().schema, mode, items]), 'base64url') };
}

function toItem(hit: IndexHit, chunk: FoundChunk, terms: Set<string>): SearchItem {
  const { chunkId, documentId, title, text, headings, page, start, end, metadata } = chunk;
  return {
    chunkId,
    documentId,
    title,
    text,
    headings,
    score: hit.score,
    keywordScore: hit.keywordScore,
    vectorScore: hit.vectorScore,
    page,
    start,
    end,
    highlights: highlight(text, terms, { maxLength: fragmentLength, fragments }),
    metadata,
  };
}
