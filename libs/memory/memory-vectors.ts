import type { ScoredHit } from '#libs/ranking';
import { quantise, scanRows, Slice } from '#libs/vector-index';

/** Cosine under which a text that shares no word is not called a hit. */
const leastSimilar = 0.3;
/** Vectors of one array, compared in one native call: about 0.5 ms. */
const blockBytes = 2 * 1024 * 1024;
const sliceMs = 1;
const fewestRows = 32;
/** A search that changes have come between so often goes through without giving way. */
const mostRestarts = 2;

/** Vectors by slot, as signed bytes; cosines of them are right to about 0.01. In blocks, since the comparison reads an array from its start. */
export class MemoryVectors {
  private readonly blocks: Int8Array[] = [];
  private present = new Uint8Array(fewestRows);
  /** Of all vectors; 0 before the first. */
  private dimensions = 0;
  private blockRows = 0;
  private count = 0;
  private changes = 0;

  get bytes(): number {
    return this.blocks.reduce((sum, { byteLength }) => sum + byteLength, this.present.byteLength);
  }

  /** The slot after the last, or one that is there. A vector of another length than the first is left out. */
  set(slot: number, vector: Float32Array | undefined): void {
    this.changes++;
    this.count = Math.max(this.count, slot + 1);
    if (this.dimensions === 0 && vector && vector.length > 0) {
      this.dimensions = vector.length;
      this.blockRows = Math.max(1, Math.floor(blockBytes / vector.length));
    }
    this.reserve();
    const fits = vector !== undefined && vector.length === this.dimensions && this.dimensions > 0;
    if (fits) this.present[slot] = quantise(vector, this.blockOf(slot), this.offsetOf(slot)) ? 1 : 0;
    else this.clear(slot);
  }

  /** The last slot takes the place of another one, or just goes. */
  move(last: number, to: number): void {
    this.changes++;
    this.count = last;
    if (this.dimensions > 0) this.blockOf(to).set(this.rowOf(last), this.offsetOf(to));
    this.present[to] = this.present[last] as number;
    this.clear(last);
  }

  /** The nearest slots, best first, none of them unlike. Gives way to the event loop between blocks. */
  async nearest(vector: Float32Array, limit: number, permitted?: (slot: number) => boolean, restarts = 0): Promise<ScoredHit[]> {
    if (vector.length !== this.dimensions) return [];
    const [query, began, slice] = [quantised(vector), this.changes, new Slice(sliceMs)];
    const hits: ScoredHit[] = [];
    for (let from = 0; from < this.count; from += this.blockRows) {
      hits.push(...this.scan(query, from, Math.min(this.blockRows, this.count - from), limit, permitted));
      if (restarts < mostRestarts) await slice.rest();
      // Slots have moved meanwhile.
      if (this.changes !== began) return this.nearest(vector, limit, permitted, restarts + 1);
    }
    return hits.filter(({ score }) => score >= leastSimilar).sort((a, b) => b.score - a.score).slice(0, limit);
  }

  /** Of these slots, those that are like the vector at all. */
  compare(vector: Float32Array, among: readonly ScoredHit[]): ScoredHit[] {
    if (vector.length !== this.dimensions) return [];
    const slots = among.map(({ key }) => key);
    return this.scanSome(quantised(vector), slots, slots.length).filter(({ score }) => score > 0);
  }

  private scan(query: Int8Array, from: number, count: number, limit: number, permitted: ((slot: number) => boolean) | undefined): ScoredHit[] {
    if (permitted) return this.scanSome(query, Array.from({ length: count }, (_, at) => from + at).filter(permitted), limit);
    const { nodes, cosines } = scanRows(this.blockOf(from).subarray(0, count * this.dimensions), query, limit);
    return nodes.map((row, at) => ({ key: from + row, score: cosines[at] as number })).filter(({ key }) => this.present[key] === 1);
  }

  private scanSome(query: Int8Array, wanted: readonly number[], limit: number): ScoredHit[] {
    const slots = wanted.filter((slot) => this.present[slot] === 1);
    const rows = new Int8Array(slots.length * this.dimensions);
    slots.forEach((slot, at) => rows.set(this.rowOf(slot), at * this.dimensions));
    const { nodes, cosines } = scanRows(rows, query, limit);
    return nodes.map((row, at) => ({ key: slots[row] as number, score: cosines[at] as number }));
  }

  private clear(slot: number): void {
    this.present[slot] = 0;
    if (this.dimensions > 0) this.rowOf(slot).fill(0);
  }

  private blockOf(slot: number): Int8Array {
    return this.blocks[Math.floor(slot / this.blockRows)] as Int8Array;
  }

  private offsetOf(slot: number): number {
    return (slot % this.blockRows) * this.dimensions;
  }

  private rowOf(slot: number): Int8Array {
    return this.blockOf(slot).subarray(this.offsetOf(slot), this.offsetOf(slot) + this.dimensions);
  }

  private reserve(): void {
    if (this.present.length < this.count) this.present = grown(this.present, Math.ceil(this.count * 1.5));
    for (let block = 0; block * this.blockRows < this.count && this.dimensions > 0; block++) {
      const needed = Math.min(this.blockRows, this.count - block * this.blockRows);
      const rows = this.blocks[block] ?? new Int8Array(0);
      if (rows.length >= needed * this.dimensions) continue;
      const room = Math.min(this.blockRows, Math.max(fewestRows, needed, Math.ceil((rows.length / this.dimensions) * 1.5)));
      this.blocks[block] = grown(rows, room * this.dimensions);
    }
  }
}

function quantised(vector: Float32Array): Int8Array {
  const bytes = new Int8Array(vector.length);
  quantise(vector, bytes);
  return bytes;
}

function grown<T extends Int8Array | Uint8Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array);
  return larger;
}
