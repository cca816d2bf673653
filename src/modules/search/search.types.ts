export const searchModes = ['hybrid', 'vector', 'keyword'] as const;
export type SearchMode = (typeof searchModes)[number];

export interface IndexQuery {
  text: string;
  mode: SearchMode;
  limit: number;
  /** Collection keys; all when absent. */
  collections?: number[];
  /** Allowed document keys; all when absent. */
  documents?: ReadonlySet<number>;
}

export interface IndexHit {
  /** Chunk key. */
  key: number;
  /** 0 to 1 in hybrid and vector mode; the BM25 score in keyword mode. */
  score: number;
  keywordScore?: number;
  vectorScore?: number;
}

export interface IndexAnswer {
  hits: IndexHit[];
  /** What was done: a hybrid search goes by keywords alone while the question cannot be embedded. */
  mode: SearchMode;
  /** The index stood here when it answered. */
  seq: number;
}

/** What a search would be computed from. */
export interface IndexPosition {
  seq: number;
  /** The embedding of its vectors. */
  vectorSpace: string;
}

export interface TermRarity {
  idf(term: string): number;
  release(): void;
}

export interface IndexStats {
  seq: number;
  documents: number;
  chunks: number;
  vectors: number;
  bytes: { heap: number; mapped: number };
  compacting: boolean;
  /** The embedding of its vectors. */
  vectorSpace: string;
}
