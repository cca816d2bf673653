import type { ChunkingSettings } from '#libs/chunking';
import type { SearchMode } from '../search/search.types.js';
import type { DocumentStatus } from './adapters/entities/document.entity.js';
import type { MetadataFilter } from './core/metadata-filter.js';

export const defaultCollection = 'default';

export interface CollectionView {
  id: string;
  key: number;
  name: string;
  description: string | null;
  chunking: Partial<ChunkingSettings>;
  documentCount: number;
  /** Documents that wait to be processed anew, or are. */
  reprocessing: number;
  createdAt: Date;
  updatedAt: Date;
}

/** A change of the embedding that is under way: searches compare in the present vectors until it is done. */
export interface Reembedding {
  /** Where the vectors move to. */
  space: string;
  /** RFC 3339. */
  startedAt: string;
  /** Chunks with a vector of it, of all. */
  done: number;
  total: number;
  /** Why it stands still, and when it is tried again. */
  error?: string;
  retryAt?: string;
}

export interface DocumentView {
  id: string;
  key: number;
  collection: string;
  title: string;
  source: string | null;
  mime: string | null;
  filename: string | null;
  bytes: number;
  pages: number | null;
  chunkCount: number;
  status: DocumentStatus;
  error: { code: string; message: string } | null;
  warnings: { code: string; message: string }[];
  metadata: Record<string, unknown>;
  taskId: string | null;
  /** See `analyserVersion`; null for what was analysed before there were versions. */
  analyser: string | null;
  progress: { stage: string; percent: number } | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface ChunkView {
  id: string;
  ordinal: number;
  start: number;
  end: number;
  page: number | null;
  headings: string[];
  text: string;
  tokenCount: number;
}

export interface DocumentFilter {
  status?: DocumentStatus;
  collection?: string;
  /** Part of title, source or file name. */
  q?: string;
  /** Analysed as documents are now, or otherwise. */
  analyser?: 'current' | 'outdated';
}

/** What is undefined stays. */
export interface DocumentChange {
  /** Another one, by name or id. */
  collection?: string;
  /** In place of all that was there. */
  metadata?: Record<string, unknown>;
  /** Null: none. */
  source?: string | null;
}

export interface IngestText {
  text: string;
  title?: string;
  source?: string;
  collection?: string;
  metadata?: Record<string, unknown>;
}

export interface IngestReceipt {
  documentId: string;
  chunkCount: number;
  duplicate: boolean;
  /** Position of the index log that shows it; absent for a duplicate. */
  seq?: number;
}

export interface SearchRequest {
  query: string;
  topK: number;
  mode: SearchMode;
  /** Only these, by name or id. */
  collections?: string[];
  filter?: MetadataFilter;
  /** Answer only from an index that has seen this change. */
  minSeq?: number;
}

export interface Highlight {
  text: string;
  ranges: [number, number][];
}

export interface SearchItem {
  chunkId: string;
  documentId: string;
  title: string;
  text: string;
  headings: string[];
  score: number;
  keywordScore?: number;
  vectorScore?: number;
  page: number | null;
  start: number;
  end: number;
  highlights: Highlight[];
  metadata: Record<string, unknown>;
}

export interface SearchAnswer {
  items: SearchItem[];
  /** What was done; see IndexAnswer. */
  mode: SearchMode;
  /** Where the index stood, and whose vectors were compared. */
  seq: number;
  embeddingSpace: string;
}

/** A search as it is sent. */
export interface WrittenSearch {
  /** The items in the form of the API, a JSON list in UTF-8. Shared by everybody who asks the same: never change it. */
  items: Buffer;
  mode: SearchMode;
  tookMs: number;
  /** Names the result: another one for anything that differs in `mode` or `items`. */
  version: string;
  /** Whether the result came from the cache. */
  cache: 'HIT' | 'MISS' | 'STALE';
}
