import type { VectorGraph } from './vector-graph.js';
import type { VectorRows } from './vector-rows.js';

/** Whom the chunks of a part belong to. Read anew at each use: a growing part replaces its arrays. */
export interface VectorPart {
  readonly rows: VectorRows;
  /** Key of each chunk. */
  readonly keys: Float64Array;
  /** Index of each chunk's document into `documents`. */
  readonly documentOf: Uint32Array;
  readonly documents: Float64Array;
  /** The chunks of document `d` are those from `starts[d]` to `starts[d + 1]`. */
  readonly starts: Uint32Array;
}

/** One part of the vector index as a search sees it. */
export interface VectorView {
  part: VectorPart;
  graph: VectorGraph | null;
  /** 1 for each document whose chunks may be found. Must not change during the search. */
  accepted: Uint8Array;
  /** How many chunks the accepted documents have. */
  acceptedChunks: number;
}
