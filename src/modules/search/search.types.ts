import type { RankedHit } from '#libs/index-replica';

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

export interface IndexAnswer {
  hits: RankedHit[];
  /** What was done: a hybrid search goes by keywords alone while the question cannot be embedded. */
  mode: SearchMode;
  /** The index stood here when it answered. */
  seq: number;
}

/** What a search would be computed from. */
export interface IndexPosition {
  seq: number;
  /** With `seq` it names a state of the tenant's documents: the same `seq` is given anew when the database is set back to an earlier state. */
  mark: number;
  /** The embedding of its vectors. */
  vectorSpace: string;
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
