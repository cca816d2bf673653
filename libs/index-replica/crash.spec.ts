import { fork } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IndexReplica } from './index-replica.js';
import { SyntheticDocuments } from './testing/synthetic-documents.js';
import type { ReplicaOptions } from './types.js';

const DIMENSIONS = 16;

describe('a crash', () => {
  let directory: string;
  let pristine: string;

  const optionsFor = (path: string): ReplicaOptions => ({
    directory: path,
    dimensions: DIMENSIONS,
    vectorSpace: 'test@1',
    autoCompact: false,
    limits: { graphVectors: 50 },
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'index-crash-'));
    pristine = join(directory, 'pristine');
    const replica = await IndexReplica.open(optionsFor(pristine));
    const made = new SyntheticDocuments({ seed: 1, dimensions: DIMENSIONS, vocabulary: 300, chunkLength: 20, clusters: 5, collections: 2 });
    for (let document = 1; document <= 50; document++) await replica.apply(document, { put: made.document(document, 4) });
    await replica.compact();
    await replica.close();
  });

  afterAll(() => rm(directory, { recursive: true }));

  /** A copy of the index with something done to it, reopened. */
  async function reopenedAfter(damage: (path: string) => Promise<void>, options: Partial<ReplicaOptions> = {}): Promise<{ chunks: number; seq: number; left: string[] }> {
    const path = await mkdtemp(join(directory, 'copy-'));
    await cp(pristine, path, { recursive: true });
    await damage(path);
    const replica = await IndexReplica.open({ ...optionsFor(path), ...options });
    const { chunks, seq } = replica.stats();
    await replica.close();
    return { chunks, seq, left: await readdir(path) };
  }

  it('is survived by whatever was complete', async () => {
    expect(await reopenedAfter(async () => undefined)).toMatchObject({ chunks: 200, seq: 50 });
  });

  it('in the middle of writing leaves files that are ignored and removed', async () => {
    const { chunks, left } = await reopenedAfter(async (path) => {
      await cp(join(path, 'segment-000000000001'), join(path, 'segment-000000000009.tmp'), { recursive: true });
      await cp(join(path, 'segment-000000000001'), join(path, 'segment-000000000010'), { recursive: true });
      await writeFile(join(path, 'snapshot-0000000000000099.json'), '12345\n{"format":1,"seq":77');
      await writeFile(join(path, 'snapshot-0000000000000100.json.tmp'), '');
    });
    expect(chunks).toBe(200);
    expect(left.filter((name) => /tmp|9|10/.test(name))).toEqual([]);
  });

  it.each(['postings.bin', 'terms.bin', 'keys.bin', 'vectors.bin', 'graph.usearch', 'nodes.bin'])('that cut or altered %s is noticed, and the index starts empty', async (name) => {
    const find = async (path: string) => (await readdir(path, { recursive: true })).filter((found) => found.endsWith(name)).map((found) => join(path, found));
    const cut = await reopenedAfter(async (path) => {
      for (const file of await find(path)) await truncate(file, (await readFile(file)).length - 3);
    });
    const altered = await reopenedAfter(async (path) => {
      for (const file of await find(path)) {
        const content = await readFile(file);
        content[content.length >> 1] = (content[content.length >> 1] as number) ^ 1;
        await writeFile(file, content);
      }
    });
    for (const { chunks, seq, left } of [cut, altered]) expect({ chunks, seq, left }).toEqual({ chunks: 0, seq: 0, left: [] });
  });

  it('does not make vectors of different models mix', async () => {
    expect(await reopenedAfter(async () => undefined, { vectorSpace: 'test@2' })).toEqual({ chunks: 0, seq: 0, left: [] });
  });

  it('by kill -9 at any moment leaves an index in which every document is whole', async () => {
    const path = join(directory, 'killed');
    let reached = 0;
    for (let round = 0; round < 5; round++) {
      await killedAfter(path, 1 + (round % 2), round * 23);
      const replica = await IndexReplica.open({ ...optionsFor(path), vectorSpace: 'test@1' });
      expect(replica.seq).toBeGreaterThanOrEqual(reached);
      reached = replica.seq;
      for (const document of replica.documentKeys()) {
        const hits = replica.searchKeyword([`document${document}`], { limit: 10 });
        expect(hits.map((hit) => hit.document)).toEqual([document, document, document]);
        expect(new Set(hits.map((hit) => Math.floor(hit.key / 10))).size).toBe(1);
      }
      await replica.close();
    }
    expect(reached).toBeGreaterThan(50);
  });

  /** Lets a process change the index and kills it some time after its n-th snapshot. */
  function killedAfter(path: string, snapshots: number, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const victim = fork(new URL('./testing/crash-victim.js', import.meta.url), [path], { execArgv: [] });
      let seen = 0;
      victim.on('message', () => {
        if (++seen === snapshots) setTimeout(() => victim.kill('SIGKILL'), milliseconds);
      });
      victim.on('exit', () => resolve());
    });
  }
});
