import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import type { RankedHit } from '#libs/index-replica';
import { analyzeQuery, highlight } from '#libs/text';
import { CacheService } from '../cache/cache.service.js';
import type { DocumentScope } from '../engine/engine.types.js';
import { IndexService } from '../search/index.service.js';
import type { IndexPosition, SearchMode } from '../search/search.types.js';
import { ChunkStore, type FoundChunk } from './adapters/chunk.store.js';
import { CollectionStore } from './adapters/collection.store.js';
import { DocumentStore } from './adapters/document.store.js';
import { MetadataFilterSql, type MetadataFilter } from './core/metadata-filter.js';
import type { DocumentView, SearchAnswer, SearchItem, SearchRequest, WrittenSearch } from './rag.types.js';

/** Results are keyed by the index position they were computed from; this only bounds how long unused ones stay. */
const resultTtlMs = 300_000;
const fragmentLength = 160;
const fragments = 2;

type Found = Pick<SearchAnswer, 'items' | 'mode'>;
type Place = IndexPosition & { collections?: number[] };
type Written = Pick<WrittenSearch, 'items' | 'mode' | 'version'>;

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

  /** For code that goes on working with the passages. */
  async search(request: SearchRequest): Promise<SearchAnswer> {
    const place = await this.placeOf(request);
    return { ...(await this.find(request, place)), seq: place.seq, embeddingSpace: place.vectorSpace };
  }

  /**
   * For clients. Remembered are the bytes: they lie outside of the heap, so that nothing walks or copies them, and are sent as they are.
   * @param write the form of the API; one for all callers, since the key does not name it
   */
  async searchWritten(request: SearchRequest, write: (items: SearchItem[]) => Buffer): Promise<WrittenSearch> {
    const startedAt = performance.now();
    const place = await this.placeOf(request);
    const { query, topK, mode, filter } = request;
    const load = async (): Promise<Written> => {
      const { items, mode: done } = await this.find(request, place);
      return named(write(items), done);
    };
    const key = JSON.stringify([place.seq, place.mark, place.vectorSpace, query, topK, mode, place.collections ?? null, filter ?? null]);
    const { value, state } = await this.cache.getOrLoad<Written>({ namespace: 'search', key, ttlMs: resultTtlMs, cacheable: (found) => found.mode === mode }, load);
    return { ...value, tookMs: Math.round((performance.now() - startedAt) * 10) / 10, cache: state };
  }

  /** Whether a search within the scope can find the document. @throws CollectionNotFoundError, rag.invalid_filter */
  async admits({ collections, filter }: DocumentScope, document: DocumentView): Promise<boolean> {
    if (collections) {
      const found = await Promise.all(collections.map((one) => this.collections.resolve(one)));
      if (!found.some(({ name }) => name === document.collection)) return false;
    }
    return filter === undefined || (await this.matching(filter, await this.index.position())).has(document.key);
  }

  /** Where it is asked: the collections by their keys (another may take a name), and the index as far as the caller wants it. */
  private async placeOf({ minSeq, collections }: SearchRequest): Promise<Place> {
    if (minSeq !== undefined) await this.index.reach(minSeq);
    const position = await this.index.position();
    const found = collections && (await Promise.all(collections.map((one) => this.collections.resolve(one))));
    return { ...position, collections: found && [...new Set(found.map(({ key }) => key))].sort((a, b) => a - b) };
  }

  private async find({ query, topK, mode, filter }: SearchRequest, place: Place): Promise<Found> {
    const documents = filter === undefined ? undefined : await this.matching(filter, place);
    if (documents?.size === 0) return { items: [], mode };
    const { hits, mode: done, seq } = await this.index.query({ text: query, mode, limit: topK, collections: place.collections, documents });
    const found = await this.chunks.byKeys(hits.map((hit) => hit.key), seq);
    const terms = new Set(analyzeQuery(query).map((token) => token.term));
    const items = hits.flatMap((hit) => {
      const chunk = found.get(hit.key);
      return chunk ? [toItem(hit, chunk, terms)] : [];
    });
    return { items, mode: done };
  }

  private async matching(filter: MetadataFilter, { seq, mark }: IndexPosition): Promise<ReadonlySet<number>> {
    const parameters: unknown[] = [];
    const condition = new MetadataFilterSql('d.metadata', parameters).build(filter);
    const key = JSON.stringify([seq, mark, condition, parameters]);
    const { value } = await this.cache.getOrLoad({ namespace: 'search', key: `filter:${key}`, ttlMs: resultTtlMs }, async () => await this.documents.keysWhere(condition, parameters));
    return new Set(value);
  }
}

/** Named by what was found, not by what was asked: the same question has another answer while the embedding endpoint is down. */
function named(items: Buffer, mode: SearchMode): Written {
  return { items, mode, version: `${mode}.${hash('sha1', items, 'base64url')}` };
}

function toItem(hit: RankedHit, chunk: FoundChunk, terms: Set<string>): SearchItem {
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
