import type { VectorGraph } from './vector-graph.js';
import type { VectorRows } from './vector-rows.js';

/** One part of the vector index as a search sees it: its vectors, and whom its chunks belong to. */
export interface VectorView {
  rows: VectorRows;
  graph: VectorGraph | null;
  /** Number of chunks. */
  chunks: number;
  keys: Float64Array;
  /** Index of each chunk's document into `documents` and `accepted`. */
  documentOf: Uint32Array;
  documents: Float64Array;
  /** 1: chunks of this document may be found. */
  accepted: Uint8Array;
}
