import type { ScoredHit } from '#libs/ranking';
import { quantise, scanRows, Slice } from '#libs/vector-index';

/** Cosine under which a text that shares no word is not called a hit. */
const leastSimilar = 0.3;
/** Bytes compared in one native call: about 0.6 ms. */
const blockBytes = 2 * 1024 * 1024;
const sliceMs = 2;
const smallestRoom = 32;
/** A search that changes have come between so often goes through without giving way. */
const mostRestarts = 2;

/** Vectors by slot, as signed bytes in one array; cosines of them are right to about 0.01. */
export class MemoryVectors {
  private rows = new Int8Array(0);
  private present = new Uint8Array(0);
  /** Of all vectors; unknown before the first. */
  private dimensions = 0;
  private count = 0;
  private changes = 0;

  get bytes(): number {
    return this.rows.byteLength + this.present.byteLength;
  }

  /** The slot after the last, or one that is there. A vector of another length than the first is left out. */
  set(slot: number, vector: Float32Array | undefined): void {
    this.changes++;
    if (this.dimensions === 0 && vector) this.dimensions = vector.length;
    this.count = Math.max(this.count, slot + 1);
    this.reserve();
    const fits = vector?.length === this.dimensions && this.dimensions > 0;
    if (fits) this.present[slot] = quantise(vector, this.rows, slot * this.dimensions) ? 1 : 0;
    else this.clear(slot);
  }

  /** The last slot takes the place of another one, or just goes. */
  move(last: number, to: number): void {
    this.changes++;
    const { dimensions } = this;
    this.rows.copyWithin(to * dimensions, last * dimensions, (last + 1) * dimensions);
    this.present[to] = this.present[last] as number;
    this.clear(last);
    this.count = last;
  }

  /** The nearest slots, best first, none of them unlike. Gives way to the event loop between blocks. */
  async nearest(vector: Float32Array, limit: number, permitted?: (slot: number) => boolean, restarts = 0): Promise<ScoredHit[]> {
    if (vector.length !== this.dimensions) return [];
    const [query, began, slice] = [quantised(vector), this.changes, new Slice(sliceMs)];
    const slots = permitted && Array.from({ length: this.count }, (_, slot) => slot).filter(permitted);
    const total = slots?.length ?? this.count;
    const block = Math.max(1, Math.floor(blockBytes / this.dimensions));
    const hits: ScoredHit[] = [];
    for (let from = 0; from < total; from += block) {
      const count = Math.min(block, total - from);
      const rows = slots ? this.gather(slots.slice(from, from + count)) : this.rows.subarray(from * this.dimensions, (from + count) * this.dimensions);
      const { nodes, cosines } = scanRows(rows, query, limit);
      nodes.forEach((row, at) => hits.push({ id: slots?.[from + row] ?? from + row, score: cosines[at] as number }));
      if (restarts < mostRestarts) await slice.rest();
      // Slots have moved meanwhile.
      if (this.changes !== began) return this.nearest(vector, limit, permitted, restarts + 1);
    }
    return hits.filter(({ id, score }) => this.present[id] === 1 && score >= leastSimilar).sort((a, b) => b.score - a.score).slice(0, limit);
  }

  /** Of these slots, those that are like the vector at all. */
  compare(vector: Float32Array, among: readonly ScoredHit[]): ScoredHit[] {
    if (vector.length !== this.dimensions) return [];
    const query = quantised(vector);
    const slots = among.map(({ id }) => id).filter((slot) => this.present[slot] === 1);
    const { nodes, cosines } = scanRows(this.gather(slots), query, slots.length);
    return nodes.map((row, at) => ({ id: slots[row] as number, score: cosines[at] as number })).filter(({ score }) => score > 0);
  }

  private gather(slots: readonly number[]): Int8Array {
    const rows = new Int8Array(slots.length * this.dimensions);
    slots.forEach((slot, at) => rows.set(this.rows.subarray(slot * this.dimensions, (slot + 1) * this.dimensions), at * this.dimensions));
    return rows;
  }

  private clear(slot: number): void {
    this.present[slot] = 0;
    this.rows.fill(0, slot * this.dimensions, (slot + 1) * this.dimensions);
  }

  private reserve(): void {
    const room = this.count <= this.present.length ? this.present.length : Math.max(smallestRoom, this.count, Math.ceil(this.present.length * 1.5));
    if (this.present.length !== room) this.present = grown(this.present, room);
    if (this.rows.length !== room * this.dimensions) this.rows = grown(this.rows, room * this.dimensions);
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
