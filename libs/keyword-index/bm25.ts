import type { KeywordPart, Postings } from './keyword-part.js';

/** Parameters of BM25: `k1` how fast repetition saturates, `b` how much long chunks are held back. */
export interface Bm25 {
  k1: number;
  b: number;
}

/** Chunks are of similar length already: `b` below the usual 0.75 ranked better on all five retrieval sets (docs/benchmarks.md). */
export const DEFAULT_BM25: Bm25 = { k1: 1.2, b: 0.4 };

/** Statistics over all parts together, so that a chunk's score does not depend on where it is stored. */
export interface Statistics {
  chunks: number;
  averageLength: number;
}

export function statisticsOf(parts: readonly KeywordPart[]): Statistics {
  let chunks = 0;
  let length = 0;
  for (const part of parts) {
    chunks += part.liveChunks;
    length += part.liveLength;
  }
  return { chunks, averageLength: chunks === 0 ? 1 : Math.max(1, length / chunks) };
}

/** Inverse document frequency as Lucene has it: never negative. */
export function inverseFrequency(chunks: number, frequency: number): number {
  const held = Math.min(frequency, chunks);
  return Math.log(1 + (chunks - held + 0.5) / (held + 0.5));
}

/** Adds one term's share to the score of every chunk that holds it. */
export function addScores(
  scores: Float32Array,
  postings: Postings,
  lengths: Uint32Array,
  weight: number,
  bm25: Bm25,
  averageLength: number,
): void {
  const { ordinals, firstOrdinal, frequencies, firstFrequency, count } = postings;
  const fixed = bm25.k1 * (1 - bm25.b);
  const perUnit = (bm25.k1 * bm25.b) / averageLength;
  const factor = weight * (bm25.k1 + 1);
  for (let i = 0; i < count; i++) {
    const ordinal = ordinals[firstOrdinal + i] as number;
    const frequency = frequencies[firstFrequency + i] as number;
    const norm = frequency + fixed + perUnit * (lengths[ordinal] as number);
    scores[ordinal] = (scores[ordinal] as number) + (factor * frequency) / norm;
  }
}
