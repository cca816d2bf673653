import { freeBuffer, GrowableArray } from '#libs/index-parts';
import { KeywordPart, MAX_FREQUENCY, type Postings, type PostingsBuffer } from './keyword-part.js';
import { hashTerm, isTerm, termLength } from './term-hash.js';

/** A finished tail as plain arrays: what a worker needs to write it as a segment. */
export interface KeywordTailData {
  lengths: Uint32Array;
  /** Per term: hash, where its code units start (one more entry than terms), its newest posting. */
  hashes: Uint32Array;
  unitStarts: Uint32Array;
  units: Uint16Array;
  newestPosting: Int32Array;
  frequencies: Uint32Array;
  /** Per posting: the next older posting of the same term (-1: none), chunk ordinal, occurrences. */
  olderPosting: Int32Array;
  postingOrdinals: Uint32Array;
  postingFrequencies: Uint8Array;
}

/**
 * The changing end of a keyword index, in memory: an open-addressing table of terms over one pool
 * of code units, and postings as linked lists in typed arrays. About 10 bytes a posting and 40 a
 * term, with nothing for the garbage collector to walk.
 */
export class KeywordTail extends KeywordPart {
  private table = new Int32Array(1024).fill(-1);
  private readonly hashes = new GrowableArray(Uint32Array);
  private readonly unitStarts = new GrowableArray(Uint32Array);
  private readonly units = new GrowableArray(Uint16Array, 1024);
  private readonly newest = new GrowableArray(Int32Array);
  private readonly counts = new GrowableArray(Uint32Array);
  private readonly older = new GrowableArray(Int32Array, 1024);
  private readonly ordinals = new GrowableArray(Uint32Array, 1024);
  private readonly occurrences = new GrowableArray(Uint8Array, 1024);
  private readonly chunkLengths = new GrowableArray(Uint32Array);

  constructor() {
    super();
    this.unitStarts.push(0);
  }

  get chunks(): number {
    return this.chunkLengths.length;
  }

  get lengths(): Uint32Array {
    return this.chunkLengths.data;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.arrays.reduce((sum, array) => sum + array.bytes, this.table.byteLength);
  }

  /**
   * Adds a chunk and returns its ordinal. Terms must be distinct; frequencies are rounded and those
   * below one are left out. The chunk counts in the statistics at once.
   */
  addChunk(terms: Iterable<readonly [string, number]>): number {
    const ordinal = this.chunkLengths.length;
    let length = 0;
    for (const [term, given] of terms) {
      const frequency = Math.round(given);
      if (!(frequency >= 1)) continue;
      length += frequency;
      this.addPosting(this.termId(term), ordinal, Math.min(frequency, MAX_FREQUENCY));
    }
    this.chunkLengths.push(length);
    this.liveChunks++;
    this.liveLength += length;
    return ordinal;
  }

  postings(term: string, buffer: PostingsBuffer): Postings | null {
    const id = this.findTerm(term, hashTerm(term));
    if (id < 0) return null;
    const count = this.counts.data[id] as number;
    buffer.reserve(count * 5);
    const { longs: ordinals, bytes: frequencies } = buffer;
    const firstFrequency = count * 4;
    let posting = this.newest.data[id] as number;
    for (let i = 0; i < count; i++) {
      ordinals[i] = this.ordinals.data[posting] as number;
      frequencies[firstFrequency + i] = this.occurrences.data[posting] as number;
      posting = this.older.data[posting] as number;
    }
    return { count, ordinals, firstOrdinal: 0, frequencies, firstFrequency };
  }

  rawFrequency(term: string): number {
    const id = this.findTerm(term, hashTerm(term));
    return id < 0 ? 0 : (this.counts.data[id] as number);
  }

  /** Copies the content for a worker. Nothing may be added meanwhile or afterwards. */
  async data(): Promise<KeywordTailData> {
    return {
      lengths: await this.chunkLengths.copied(),
      hashes: await this.hashes.copied(),
      unitStarts: await this.unitStarts.copied(),
      units: await this.units.copied(),
      newestPosting: await this.newest.copied(),
      frequencies: await this.counts.copied(),
      olderPosting: await this.older.copied(),
      postingOrdinals: await this.ordinals.copied(),
      postingFrequencies: await this.occurrences.copied(),
    };
  }

  /** Frees the memory; the tail is of no use afterwards. */
  free(): void {
    for (const array of this.arrays) array.free();
    freeBuffer(this.table);
  }

  private get arrays() {
    const perTerm = [this.hashes, this.unitStarts, this.units, this.newest, this.counts];
    return [...perTerm, this.older, this.ordinals, this.occurrences, this.chunkLengths];
  }

  private addPosting(id: number, ordinal: number, frequency: number): void {
    const posting = this.ordinals.length;
    if (posting === this.ordinals.data.length) for (const pool of [this.ordinals, this.occurrences, this.older]) pool.reserve(1);
    // Written directly: `push` on arrays of three types would be the slowest part of adding a chunk.
    this.ordinals.data[posting] = ordinal;
    this.occurrences.data[posting] = frequency;
    this.older.data[posting] = this.newest.data[id] as number;
    this.ordinals.length = this.occurrences.length = this.older.length = posting + 1;
    this.newest.data[id] = posting;
    this.counts.data[id] = (this.counts.data[id] as number) + 1;
  }

  private termId(term: string): number {
    const hash = hashTerm(term);
    const known = this.findTerm(term, hash);
    if (known >= 0) return known;
    const id = this.hashes.length;
    const length = termLength(term);
    for (let i = 0; i < length; i++) this.units.push(term.charCodeAt(i));
    this.unitStarts.push(this.units.length);
    this.hashes.push(hash);
    this.newest.push(-1);
    this.counts.push(0);
    if (id * 2 >= this.table.length) this.growTable();
    this.enter(id, hash);
    return id;
  }

  private findTerm(term: string, hash: number): number {
    const mask = this.table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.table[slot] as number;
      if (id < 0) return -1;
      if (this.hashes.data[id] !== hash) continue;
      const start = this.unitStarts.data[id] as number;
      if (isTerm(term, this.units.data, start, (this.unitStarts.data[id + 1] as number) - start)) return id;
    }
  }

  private enter(id: number, hash: number): void {
    const mask = this.table.length - 1;
    let slot = hash & mask;
    while ((this.table[slot] as number) >= 0) slot = (slot + 1) & mask;
    this.table[slot] = id;
  }

  private growTable(): void {
    const small = this.table;
    this.table = new Int32Array(small.length * 2).fill(-1);
    freeBuffer(small);
    for (let id = 0; id < this.hashes.length - 1; id++) this.enter(id, this.hashes.data[id] as number);
  }
}
