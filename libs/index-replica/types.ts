import type { Bm25 } from '#libs/keyword-index';

export type { Hit } from '#libs/index-parts';
export type { RankedHit } from '#libs/ranking';

export interface ChunkEntry {
  /** Positive safe integer, unique in the tenant. */
  key: number;
  /** Distinct terms with how often the chunk holds them. */
  terms: Iterable<readonly [term: string, frequency: number]>;
  /** Null or all zeros: the chunk has no vector. */
  vector: Float32Array | null;
}

/** A document with all its chunks; replaces whatever was there under the same number. */
export interface DocumentEntry {
  document: number;
  collection: number;
  chunks: readonly ChunkEntry[];
}

/** The same for a document of many chunks, which are taken one after the other: they are never in memory together outside of the index. */
export interface StreamedDocumentEntry extends Omit<DocumentEntry, 'chunks'> {
  chunks: AsyncIterable<ChunkEntry>;
}

export type Change = { put: DocumentEntry | StreamedDocumentEntry } | { remove: number };

export interface LoggedChange {
  seq: number;
  change: Change;
}

/** A place in the log: everything up to it is in the index. */
export interface LogPosition {
  /** 0: before the first change. */
  seq: number;
  /** Tells the change that has this `seq` from the one that has it in another log, or in the same one after it was set back; 0 when none was given. */
  mark: number;
}

/** When the replica works in the background. Chunks unless said otherwise. */
export interface ReplicaLimits {
  /** The tail is written as a segment when it has this many chunks. */
  tailChunks: number;
  /** … or after this many changes, removals included. */
  tailChanges: number;
  /** Largest segment made by merging; at most 65,536. */
  segmentChunks: number;
  /** A segment gets a graph when it has this many vectors; smaller ones are scanned. */
  graphVectors: number;
  /** Share of removed chunks at which a segment is rewritten. */
  removedShare: number;
  /** Graphs of unfinished segments wait until nothing was written for this long, in milliseconds. */
  quietMilliseconds: number;
  /** Pause before background work that failed, for instance for want of disk space, is tried again, in milliseconds. */
  retryMilliseconds: number;
}

export const DEFAULT_LIMITS: ReplicaLimits = {
  tailChunks: 4_096,
  tailChanges: 20_000,
  segmentChunks: 65_536,
  graphVectors: 4_096,
  removedShare: 0.3,
  quietMilliseconds: 2_000,
  retryMilliseconds: 30_000,
};

export interface ReplicaOptions {
  /** A directory of this process and tenant alone. Created if missing. */
  directory: string;
  dimensions: number;
  /** Model and version that made the vectors; a snapshot made from others is dropped. */
  vectorSpace: string;
  bm25?: Bm25;
  limits?: Partial<ReplicaLimits>;
  /** Work in the background as the limits say (the default), or only in `compact()`. */
  autoCompact?: boolean;
  /** Told why background work fails, or the writing at the end: once until it succeeds again. Nothing that was applied is lost meanwhile. */
  onError?: (error: Error) => void;
}

/** A change cannot be taken now: the newest part of the index is as large as it may be and could not be written out. A later attempt may succeed. */
export class ReplicaStalledError extends Error {
  override readonly name = 'ReplicaStalledError';

  constructor(cause: unknown) {
    super(`The index takes no changes until its files can be written: ${cause instanceof Error ? cause.message : 'the work was given up'}`, { cause });
  }
}

export interface SearchOptions {
  /** Most hits wanted. */
  limit: number;
  /** Only chunks of these collections. */
  collections?: readonly number[];
  /** Only chunks of these documents. */
  documents?: ReadonlySet<number>;
}

/** A question by its terms, by a vector, or by both: then the two rankings are joined. */
export interface ReplicaQuery extends SearchOptions {
  terms?: readonly string[];
  /** All zeros: nothing is near. */
  vector?: Float32Array;
  /** How much the vector counts against 1 for the terms. */
  vectorWeight?: number;
  /** Vectors that know meaning add chunks that share no word with the question; others are only asked for these when the terms find too few. */
  semantic?: boolean;
}

export interface CompactOptions {
  /** Vectors put into graphs so far, of those known to be missing. */
  onProgress?(done: number, total: number): void;
  signal?: AbortSignal;
}

export interface ReplicaStats {
  seq: number;
  documents: number;
  chunks: number;
  vectors: number;
  /** Removed chunks still stored. */
  deletedChunks: number;
  tailChunks: number;
  segments: number;
  /** Vectors found through graphs; the others are scanned. */
  graphVectors: number;
  bytes: { heap: number; mapped: number };
  compacting: boolean;
  /** Log position of the newest snapshot: what a reopened replica starts from. */
  snapshotSeq: number;
  /** Why background work failed last; null after a success. It is tried again later. */
  lastError: string | null;
}
