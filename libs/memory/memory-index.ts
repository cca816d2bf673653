import { TopHits } from '#libs/index-parts';
import { DEFAULT_BM25, inverseFrequency } from '#libs/keyword-index';
import { fuse, type ScoredHit } from '#libs/ranking';
import { MemoryVectors } from './memory-vectors.js';

export interface IndexedMemory {
  terms: readonly string[];
  /** Of the embedding space that queries are of; undefined where there is none. */
  vector?: Float32Array;
}

export interface MemoryQuery {
  terms: readonly string[];
  vector?: Float32Array;
  /** What vectors count against 1 for keywords. */
  vectorWeight: number;
  /** True where vectors know what shares no word with the question; else they are asked for it only when words find too little. */
  semantic: boolean;
  limit: number;
  /** Memories (by id) that may be found; all unless told. */
  allowed?: (id: string) => boolean;
}

export interface MemoryHit {
  id: string;
  /** 0 to 1; comparable within one search only. */
  score: number;
}

interface Postings {
  slots: number[];
  frequencies: number[];
}

/** Candidates that vectors see or add, over the limit asked for. */
const candidates = 50;
/** Words of a question that are looked up, the rarest first: bounds the work of a long one. */
const mostTerms = 64;

/**
 * Exact hybrid search over the memories of one user, kept up to date memory by memory: BM25 over terms, cosine over quantised vectors,
 * joined as passages are. Memories lie in dense slots; the last one moves into the place of one that goes.
 */
export class MemoryIndex {
  private readonly ids: string[] = [];
  private readonly terms: (readonly string[])[] = [];
  private readonly slots = new Map<string, number>();
  private readonly postings = new Map<string, Postings>();
  private readonly vectors = new MemoryVectors();
  private length = 0;

  get size(): number {
    return this.ids.length;
  }

  /** Roughly, of terms, postings and vectors. */
  get bytes(): number {
    return 200 * this.size + 60 * this.length + this.vectors.bytes;
  }

  /** Adds a memory, or takes it in anew. */
  put(id: string, { terms, vector }: IndexedMemory): void {
    this.remove(id);
    const slot = this.ids.length;
    this.ids.push(id);
    this.terms.push(terms);
    this.slots.set(id, slot);
    this.length += terms.length;
    this.vectors.set(slot, vector);
    for (const [term, frequency] of counted(terms)) {
      const list = this.postings.get(term);
      if (list) {
        list.slots.push(slot);
        list.frequencies.push(frequency);
      } else this.postings.set(term, { slots: [slot], frequencies: [frequency] });
    }
  }

  /** @returns whether it was there */
  remove(id: string): boolean {
    const slot = this.slots.get(id);
    if (slot === undefined) return false;
    const last = this.ids.length - 1;
    const terms = this.terms[slot] ?? [];
    for (const term of new Set(terms)) this.unlist(term, slot);
    if (slot !== last) this.move(last, slot);
    this.ids.pop();
    this.terms.pop();
    this.vectors.move(last, slot);
    this.slots.delete(id);
    this.length -= terms.length;
    return true;
  }

  /** Id of the oldest memory; ids grow with time. */
  oldest(): string | undefined {
    let oldest = this.ids[0];
    for (const id of this.ids) if (oldest === undefined || id < oldest) oldest = id;
    return oldest;
  }

  /** Best first; of equals the newest. */
  async search({ terms, vector, vectorWeight, semantic, limit, allowed }: MemoryQuery): Promise<MemoryHit[]> {
    const permitted = allowed && ((slot: number) => allowed(this.ids[slot] as string));
    const alone = semantic || best(this.scoreTerms(terms), limit, permitted).length < limit;
    // What waits comes first: from here on slots do not move any more.
    const found = vector && alone ? await this.vectors.nearest(vector, limit + candidates, permitted) : undefined;
    const scores = this.scoreTerms(terms);
    const near = found ?? (vector ? this.vectors.compare(vector, best(scores, limit + candidates, permitted)) : []);
    const keyword = new Map(best(scores, limit, permitted).map((hit) => [hit.key, hit]));
    for (const { key } of near) if ((scores[key] ?? 0) > 0) keyword.set(key, { key, score: scores[key] as number });
    const hits = fuse([...keyword.values()], near, { vectorWeight }).map(({ key, score }) => ({ id: this.ids[key] as string, score }));
    return hits.sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1)).slice(0, limit);
  }

  /** BM25 by slot. */
  private scoreTerms(terms: readonly string[]): Float64Array {
    const { k1, b } = DEFAULT_BM25;
    const scores = new Float64Array(this.size);
    const averageLength = Math.max(1, this.length / Math.max(1, this.size));
    const lists = [...new Set(terms)].flatMap((term) => this.postings.get(term) ?? []);
    if (lists.length > mostTerms) lists.sort((one, two) => one.slots.length - two.slots.length).length = mostTerms;
    for (const { slots, frequencies } of lists) {
      const weight = inverseFrequency(this.size, slots.length) * (k1 + 1);
      for (let at = 0; at < slots.length; at++) {
        const slot = slots[at] as number;
        const frequency = frequencies[at] as number;
        const length = (this.terms[slot] as readonly string[]).length;
        scores[slot] = (scores[slot] as number) + (weight * frequency) / (frequency + k1 * (1 - b + (b * length) / averageLength));
      }
    }
    return scores;
  }

  private unlist(term: string, slot: number): void {
    const list = this.postings.get(term);
    if (!list) return;
    const at = list.slots.indexOf(slot);
    const [lastSlot, lastFrequency] = [list.slots.pop(), list.frequencies.pop()];
    if (at < list.slots.length) [list.slots[at], list.frequencies[at]] = [lastSlot as number, lastFrequency as number];
    if (list.slots.length === 0) this.postings.delete(term);
  }

  private move(from: number, to: number): void {
    const [id, terms] = [this.ids[from] as string, this.terms[from] as readonly string[]];
    for (const term of new Set(terms)) {
      const slots = this.postings.get(term)?.slots;
      if (slots) slots[slots.indexOf(from)] = to;
    }
    [this.ids[to], this.terms[to]] = [id, terms];
    this.slots.set(id, to);
  }
}

function counted(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** The slots with the highest scores above zero; later slots first among equals. */
function best(scores: Float64Array, limit: number, permitted: ((slot: number) => boolean) | undefined): ScoredHit[] {
  const top = new TopHits(limit);
  for (let slot = 0; slot < scores.length; slot++) {
    const score = scores[slot] as number;
    if (score > 0 && score >= top.threshold && (permitted?.(slot) ?? true)) top.offer(score, -slot, slot);
  }
  return top.sorted().map(({ document: key, score }) => ({ key, score }));
}
