import type { ChunkEntry, DocumentEntry } from '../types.js';

/** What {@link SyntheticDocuments} makes. */
export interface SyntheticShape {
  seed: number;
  dimensions: number;
  /** Distinct terms; drawn with Zipf's frequencies. */
  vocabulary: number;
  /** Average number of term occurrences a chunk. */
  chunkLength: number;
  /** Directions around which vectors lie. */
  clusters: number;
  collections: number;
}

/**
 * Documents for tests and benchmarks of the index: terms by Zipf's law, vectors in clusters. The same
 * seed gives the same documents.
 */
export class SyntheticDocuments {
  private readonly random: () => number;
  private readonly centres: Float32Array[];
  private nextKey = 1;

  constructor(private readonly shape: SyntheticShape) {
    this.random = randomNumbers(shape.seed);
    this.centres = Array.from({ length: shape.clusters }, () => this.gaussians());
  }

  /** A new version of a document, with keys never used before. */
  document(document: number, chunks: number): DocumentEntry {
    const collection = 1 + (document % this.shape.collections);
    return { document, collection, chunks: Array.from({ length: chunks }, () => this.chunk()) };
  }

  integer(below: number): number {
    return Math.floor(this.random() * below);
  }

  /** Terms of a question: `count` draws, so mostly frequent ones, as in documents. */
  question(count: number): string[] {
    return [...new Set(Array.from({ length: count }, () => this.term()))];
  }

  vector(): Float32Array {
    const centre = this.centres[this.integer(this.centres.length)] as Float32Array;
    const vector = this.gaussians().map((noise, i) => noise + 0.6 * (centre[i] as number));
    const length = Math.hypot(...vector);
    return vector.map((component) => component / length);
  }

  private chunk(): ChunkEntry {
    const terms = new Map<string, number>();
    const length = Math.round(this.shape.chunkLength * (0.5 + this.random()));
    for (let i = 0; i < length; i++) {
      const term = this.term();
      terms.set(term, (terms.get(term) ?? 0) + 1);
    }
    return { key: this.nextKey++, terms: [...terms], vector: this.vector() };
  }

  /** Rank r with probability near 1/r: the inverse of the logarithmic distribution function. */
  private term(): string {
    const rank = Math.floor(this.shape.vocabulary ** this.random());
    return `t${rank.toString(36)}`;
  }

  private gaussians(): Float32Array {
    const values = new Float32Array(this.shape.dimensions);
    for (let i = 0; i < values.length; i++) {
      values[i] = Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
    }
    return values;
  }
}

/** Mulberry32: small, seeded, good enough to draw samples. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
