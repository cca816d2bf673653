import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IndexReplica } from './index-replica.js';
import { SyntheticDocuments } from './testing/synthetic-documents.js';
import type { DocumentEntry, Hit, ReplicaOptions, SearchOptions } from './types.js';

const DIMENSIONS = 64;

/** The same index, naively: every search looks at every chunk. */
class NaiveIndex {
  readonly documents = new Map<number, DocumentEntry>();

  put(entry: DocumentEntry): void {
    if (entry.chunks.length > 0) this.documents.set(entry.document, entry);
    else this.documents.delete(entry.document);
  }

  keyword(terms: string[], { k1, b } = { k1: 1.2, b: 0.75 }): Map<number, number> {
    const chunks = [...this.documents.values()].flatMap((entry) => entry.chunks.map((chunk) => new Map(chunk.terms)));
    const keys = [...this.documents.values()].flatMap((entry) => entry.chunks.map((chunk) => chunk.key));
    const lengths = chunks.map((chunk) => [...chunk.values()].reduce((sum, count) => sum + count, 0));
    const average = lengths.reduce((sum, length) => sum + length, 0) / chunks.length;
    const scores = new Map<number, number>();
    for (const term of terms) {
      const df = chunks.filter((chunk) => chunk.has(term)).length;
      const idf = Math.log(1 + (chunks.length - df + 0.5) / (df + 0.5));
      chunks.forEach((chunk, i) => {
        const tf = chunk.get(term);
        if (tf === undefined) return;
        const norm = tf + k1 * (1 - b + (b * (lengths[i] as number)) / average);
        scores.set(keys[i] as number, (scores.get(keys[i] as number) ?? 0) + (idf * tf * (k1 + 1)) / norm);
      });
    }
    return scores;
  }

  vector(query: Float32Array, options: SearchOptions): number[] {
    const found: { key: number; cosine: number }[] = [];
    for (const { document, collection, chunks } of this.documents.values()) {
      if (options.collections && !options.collections.includes(collection)) continue;
      if (options.documents && !options.documents.has(document)) continue;
      for (const { key, vector } of chunks) {
        if (vector) found.push({ key, cosine: vector.reduce((sum, x, i) => sum + x * (query[i] as number), 0) });
      }
    }
    return found.sort((x, y) => y.cosine - x.cosine).slice(0, options.limit).map(({ key }) => key);
  }
}

describe(IndexReplica.name, () => {
  let directory: string;
  let options: ReplicaOptions;
  let replica: IndexReplica;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'index-replica-'));
    options = {
      directory,
      dimensions: DIMENSIONS,
      vectorSpace: 'test@1',
      bm25: { k1: 1.2, b: 0.75 },
      autoCompact: false,
      limits: { tailChunks: 200, graphVectors: 100, segmentChunks: 1_000 },
    };
    replica = await IndexReplica.open(options);
  });

  afterEach(async () => {
    await replica.close();
    await rm(directory, { recursive: true });
  });

  const shape = { seed: 7, dimensions: DIMENSIONS, vocabulary: 500, chunkLength: 30, clusters: 20, collections: 3 };

  /** Recall@10 over random questions, for one set of options. */
  async function recall(made: SyntheticDocuments, model: NaiveIndex, filter: Omit<SearchOptions, 'limit'>): Promise<number> {
    let found = 0;
    let wanted = 0;
    for (let i = 0; i < 20; i++) {
      const query = made.vector();
      const expected = model.vector(query, { ...filter, limit: 10 });
      const hits = (await replica.searchVector(query, { ...filter, limit: 10 })).map((hit) => hit.key);
      expect(hits).toHaveLength(expected.length);
      found += expected.filter((key) => hits.includes(key)).length;
      wanted += expected.length;
    }
    return found / wanted;
  }

  it('finds what a naive index finds, through puts, replacements, removals, compactions and a restart', async () => {
    const made = new SyntheticDocuments(shape);
    const model = new NaiveIndex();
    let seq = 0;
    for (let round = 0; round < 6; round++) {
      for (let change = 0; change < 120; change++) {
        const document = 1 + made.integer(150);
        if (made.integer(5) === 0) {
          model.documents.delete(document);
          await replica.apply(++seq, { remove: document });
        } else {
          const put = made.document(document, made.integer(8));
          model.put(put);
          await replica.apply(++seq, { put });
        }
      }
      if (round === 2) {
        await replica.close();
        replica = await IndexReplica.open(options);
        // The tail was not written out: replay, as the log's reader would.
        for (const put of model.documents.values()) await replica.apply(seq, { put });
        for (let document = 1; document <= 150; document++) {
          if (!model.documents.has(document)) await replica.apply(seq, { remove: document });
        }
      }
      if (round % 2 === 1) await replica.compact();

      expect([...replica.documentKeys()].sort((a, b) => a - b)).toEqual([...model.documents.keys()].sort((a, b) => a - b));
      const [some] = model.documents.keys();
      expect(await recall(made, model, {})).toBeGreaterThanOrEqual(0.95);
      expect(await recall(made, model, { collections: [2] })).toBeGreaterThanOrEqual(0.95);
      expect(await recall(made, model, { documents: new Set([some as number]) })).toBeGreaterThanOrEqual(0.95);
      const half = new Set([...model.documents.keys()].filter((document) => document % 2 === 0));
      expect(await recall(made, model, { documents: half, collections: [0, 1] })).toBeGreaterThanOrEqual(0.95);
      for (let i = 0; i < 20; i++) {
        const terms = made.question(4);
        const expected = model.keyword(terms);
        const hits = replica.searchKeyword(terms, { limit: 10_000 });
        expect(new Set(hits.map((hit) => hit.key))).toEqual(new Set(expected.keys()));
        // Only a compaction knows again how many chunks hold a term.
        if (round % 2 === 1) expectScores(hits, expected);
      }
    }
  });

  it('takes the chunks of a large document one after the other, and shows them all together or not at all', async () => {
    const key = (hits: Hit[]) => hits.map((hit) => hit.key);
    const chunk = (number: number) => ({ key: number, terms: [['word', 1]] as const, vector: null });
    await replica.apply(1, { put: { document: 1, collection: 1, chunks: [chunk(1)] } });
    const seen: number[][] = [];
    const chunks = async function* (last: number) {
      for (let number = 2; number <= last; number++) {
        seen.push(key(replica.searchKeyword(['word'], { limit: 10 })));
        yield chunk(number);
        await Promise.resolve();
      }
      if (last > 3) throw new Error('the tables cannot be read');
    };
    await expect(replica.apply(2, { put: { document: 1, collection: 1, chunks: chunks(4) } })).rejects.toThrow('cannot be read');
    expect(replica.stats()).toMatchObject({ seq: 1, chunks: 1, documents: 1 });
    await replica.apply(2, { put: { document: 1, collection: 1, chunks: chunks(3) } });
    expect(seen).toEqual([[1], [1], [1], [1], [1]]);
    expect(key(replica.searchKeyword(['word'], { limit: 10 }))).toEqual([2, 3]);
    await replica.apply(3, { put: { document: 1, collection: 1, chunks: chunks(1) } });
    expect(replica.stats()).toMatchObject({ seq: 3, chunks: 0, documents: 0 });
  });

  function expectScores(hits: Hit[], expected: Map<number, number>): void {
    for (const hit of hits) expect(hit.score).toBeCloseTo(expected.get(hit.key) as number, 4);
    expect(hits.map((hit) => hit.score)).toEqual(hits.map((hit) => hit.score).sort((x, y) => y - x));
  }
});
