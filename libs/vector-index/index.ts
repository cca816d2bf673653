/**
 * Vector index: cosine search over byte-quantised vectors, by HNSW graphs (usearch, memory-mapped) where
 * they exist and by exact scans elsewhere. Knows chunks by their ordinal in a part.
 */
export { Slice } from './exact-scan.js';
export { scanRows } from './hnsw.js';
export { buildGraph, renumberGraph, type GraphTask } from './build-graph.js';
export { checkVector, InvalidVectorError, quantise } from './quantise.js';
export { searchVectors } from './search-vectors.js';
export { GRAPH_FILE, NODES_FILE, VectorGraph } from './vector-graph.js';
export { FileRows, MemoryRows, type VectorRows } from './vector-rows.js';
export type { VectorPart, VectorView } from './vector-view.js';
