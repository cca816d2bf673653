/** Memory that lookups reuse, and its views: a search looks up a hundred terms, and views of their own would be most of its garbage. */
export class PostingsBuffer {
  bytes = new Uint8Array(16 * 1024);
  shorts = new Uint16Array(this.bytes.buffer);
  longs = new Uint32Array(this.bytes.buffer);

  /** Makes room for so many bytes; the content is lost. */
  reserve(bytes: number): void {
    if (this.bytes.length >= bytes) return;
    const memory = new ArrayBuffer(Math.ceil(bytes / 2) * 4);
    this.bytes = new Uint8Array(memory);
    this.shorts = new Uint16Array(memory);
    this.longs = new Uint32Array(memory);
  }
}

/** The chunks a term occurs in, with how often. Valid until the next lookup with the same buffer. */
export interface Postings {
  count: number;
  /** Chunk ordinals within the part, from `firstOrdinal` on. */
  ordinals: Uint16Array | Uint32Array;
  firstOrdinal: number;
  /** Occurrences, capped at {@link MAX_FREQUENCY}, from `firstFrequency` on. */
  frequencies: Uint8Array;
  firstFrequency: number;
}

/** BM25 is flat long before this; it lets an occurrence count fit one byte. */
export const MAX_FREQUENCY = 255;

/**
 * A piece of the keyword index: the changing tail or an immutable segment. Statistics count live
 * chunks only; the owner reports each removed chunk. Document frequencies cannot be corrected
 * that way (who knows a removed chunk's terms?) and are scaled by the share of live chunks.
 */
export abstract class KeywordPart {
  liveChunks = 0;
  /** Sum of the lengths (term occurrences) of live chunks. */
  liveLength = 0;

  /** Chunks ever added, removed ones included. */
  abstract get chunks(): number;
  /** Length of each chunk in term occurrences; at least `chunks` entries. */
  abstract get lengths(): Uint32Array;
  /** Looks a term up; null when no chunk holds it. */
  abstract postings(term: string, buffer: PostingsBuffer): Postings | null;
  /** Number of chunks, removed ones included, that hold the term. */
  abstract rawFrequency(term: string): number;

  /** Takes a chunk out of the statistics. Its postings stay until the next merge. */
  forget(ordinal: number): void {
    this.liveChunks--;
    this.liveLength -= this.lengths[ordinal] ?? 0;
  }

  /** Undoes {@link forget}. */
  recall(ordinal: number): void {
    this.liveChunks++;
    this.liveLength += this.lengths[ordinal] ?? 0;
  }

  /** Estimated number of live chunks among `raw` ones. */
  liveFrequency(raw: number): number {
    return this.chunks === 0 ? 0 : (raw * this.liveChunks) / this.chunks;
  }
}
