import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IndexReplica } from './index-replica.js';
import { SyntheticDocuments } from './testing/synthetic-documents.js';
import { TurnMeter } from './testing/turn-meter.js';
import type { ReplicaOptions } from './types.js';

const DIMENSIONS = 32;
/** Of processor time. A machine of today needs five to eight; in one piece it would be a hundred at least. */
const longestTurnMs = 12;
const onLinux = existsSync('/proc/thread-self/schedstat');

describe('background work', () => {
  let directory: string;
  let options: ReplicaOptions;
  let made: SyntheticDocuments;
  let replica: IndexReplica;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'index-background-'));
    options = { directory, dimensions: DIMENSIONS, vectorSpace: 'test@1' };
    made = new SyntheticDocuments({ seed: 3, dimensions: DIMENSIONS, vocabulary: 20_000, chunkLength: 40, clusters: 50, collections: 4 });
  });

  afterEach(async () => {
    await replica.close();
    await rm(directory, { recursive: true });
  });

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  it('keeps what changes while it runs', async () => {
    replica = await IndexReplica.open({ ...options, autoCompact: false, limits: { graphVectors: 500 } });
    for (let document = 1; document <= 300; document++) await replica.apply(document, { put: made.document(document, 5) });
    const compacted = replica.compact();
    const latest = new Map<number, number[]>();
    let running = true;
    void compacted.then(() => (running = false));
    for (let seq = 301; running; seq++) {
      const document = 1 + (seq % 200);
      if (seq % 3 === 0) {
        await replica.apply(seq, { remove: document });
        latest.set(document, []);
      } else {
        const put = made.document(document, 2);
        await replica.apply(seq, { put });
        latest.set(document, put.chunks.map((chunk) => chunk.key));
      }
      const only = { limit: 10, documents: new Set([document]) };
      const found = (await replica.searchVector(made.vector(), only)).map((hit) => hit.key);
      expect(found.sort((a, b) => a - b)).toEqual(latest.get(document));
      if (seq % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await compacted;
    expect(latest.size).toBeGreaterThan(10);
    await replica.compact();
    for (const [document, keys] of latest) {
      const found = await replica.searchVector(made.vector(), { limit: 10, documents: new Set([document]) });
      expect(found.map((hit) => hit.key).sort((a, b) => a - b)).toEqual(keys);
    }
    expect(replica.stats()).toMatchObject({ tailChunks: 0, deletedChunks: 0, segments: 1 });
  });

  it('starts by itself when the tail is full, and after a pause builds graphs', async () => {
    replica = await IndexReplica.open({ ...options, limits: { tailChunks: 400, graphVectors: 1_000, quietMilliseconds: 50 } });
    // Four tails at least, which are merged and then large enough for a graph.
    for (let document = 1; document <= 600; document++) await replica.apply(document, { put: made.document(document, 5) });
    await until(() => replica.stats().graphVectors >= 1_000 && !replica.stats().compacting);
    expect(replica.stats().snapshotSeq).toBeGreaterThan(300);
    expect(replica.stats().lastError).toBeNull();
    await replica.close();
    replica = await IndexReplica.open(options);
    expect(replica.stats()).toMatchObject({ seq: 600, chunks: 3_000 });
  });

  it('can be given up and leaves the index as it was', async () => {
    replica = await IndexReplica.open({ ...options, autoCompact: false, limits: { graphVectors: 100 } });
    for (let document = 1; document <= 300; document++) await replica.apply(document, { put: made.document(document, 5) });
    const controller = new AbortController();
    const compacted = replica.compact({ signal: controller.signal, onProgress: () => controller.abort() });
    await expect(compacted).rejects.toThrow(/abort/i);
    expect(replica.stats()).toMatchObject({ chunks: 1_500, graphVectors: 0, compacting: false });
    await replica.compact();
    expect(replica.stats().graphVectors).toBe(1_500);
  });

  it.skipIf(!onLinux)('on 20,000 chunks never holds the event loop for more than a few milliseconds', async () => {
    replica = await IndexReplica.open({ ...options, autoCompact: false });
    for (let document = 1; document <= 2_000; document++) await replica.apply(document, { put: made.document(document, 10) });
    const turns = new TurnMeter().start();
    await replica.compact();
    expect(turns.stop()).toBeLessThan(longestTurnMs);
    expect(replica.stats()).toMatchObject({ tailChunks: 0, graphVectors: 20_000 });
  });

  it.skipIf(!onLinux)('adds a document of 5,000 chunks without holding the event loop, visible only as a whole', async () => {
    replica = await IndexReplica.open({ ...options, autoCompact: false });
    const longest: number[] = [];
    // The best of three: compiling and collecting garbage take more than their share on a busy machine.
    for (let document = 1; document <= 3; document++) {
      await replica.apply(document * 2 - 1, { put: { document, collection: 1, chunks: [{ key: document, terms: [['old', 1]], vector: null }] } });
      const before = replica.stats().chunks;
      const put = made.document(document, 5_000);
      const turns = new TurnMeter().start();
      let waiting = true;
      const applied = replica.apply(document * 2, { put }).then(() => (waiting = false));
      while (waiting) {
        const { chunks } = replica.stats();
        expect([before, before + 4_999]).toContain(chunks);
        if (chunks === before) expect(replica.searchKeyword(['old'], { limit: 3 })).toHaveLength(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await applied;
      longest.push(turns.stop());
      expect(replica.searchKeyword(['old'], { limit: 3 })).toEqual([]);
      expect(replica.stats().chunks).toBe(before + 4_999);
    }
    expect(Math.min(...longest)).toBeLessThan(longestTurnMs);
  });

  it.skipIf(!onLinux)('gives its memory and files back: 40 compactions', async () => {
    replica = await IndexReplica.open({ ...options, autoCompact: false, limits: { graphVectors: 100 } });
    const own = () => Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
    let after10 = 0;
    for (let round = 1; round <= 40; round++) {
      for (let document = 1; document <= 20; document++) await replica.apply(round * 1_000 + document, { put: made.document(document * (1 + (round % 3)), 10) });
      await replica.compact();
      if (round === 10) after10 = own();
    }
    expect(own() - after10).toBeLessThan(40);
    expect((await readdir(directory)).length).toBeLessThanOrEqual(3);
  });
});
