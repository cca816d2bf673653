import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IndexReplica, type ChunkEntry, type ReplicaOptions } from '#libs/index-replica';
import { IndexThread, isStalled, ReplicaLostError, ThreadBusyError, type ThreadReplica } from './index.js';

const DIMENSIONS = 4;

/** Each with the terms `all`, its own and, three times, that of its remainder. */
function chunk(key: number): ChunkEntry {
  const vector = Float32Array.from({ length: DIMENSIONS }, (_, place) => (place === key % DIMENSIONS ? 1 : 0.1));
  return { key, terms: [['all', 1], [`key${key}`, 1], [`rest${key % 7}`, 3]], vector: key % 5 === 0 ? null : vector };
}

const chunks = (first: number, count: number) => Array.from({ length: count }, (_, place) => chunk(first + place));

async function* streamed(first: number, count: number, failsAfter = Infinity): AsyncGenerator<ChunkEntry> {
  for (let place = 0; place < count; place++) {
    if (place === failsAfter) throw new Error('The source broke off.');
    yield await Promise.resolve(chunk(first + place));
  }
}

describe(IndexThread.name, () => {
  let parent: string;
  let thread: IndexThread;
  let replica: ThreadReplica;
  let told: Error[];

  const options = (name: string): ReplicaOptions => ({ directory: join(parent, name), dimensions: DIMENSIONS, vectorSpace: 'test@1', limits: { tailChunks: 200, retryMilliseconds: 100 }, onError: (error) => told.push(error) });
  const keys = async (...terms: string[]) => (await replica.search({ terms, limit: 1_000 })).hits.map(({ key }) => key).sort((a, b) => a - b);
  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'index-thread-'));
    told = [];
    thread = new IndexThread();
    replica = await thread.open(options('index'));
  });
  afterEach(async () => {
    await replica.close();
    await thread.close();
    await rm(parent, { recursive: true });
  });

  it('answers as a replica in the own thread does', async () => {
    const own = await IndexReplica.open(options('own'));
    const changes = [
      { put: { document: 1, collection: 1, chunks: chunks(1, 100) } },
      { put: { document: 2, collection: 2, chunks: chunks(101, 40) } },
      { remove: 9 },
      { put: { document: 1, collection: 1, chunks: chunks(201, 70) } },
    ];
    for (const [place, change] of changes.entries()) {
      await own.apply(place + 1, change);
      await replica.apply(place + 1, change);
    }
    await replica.advance({ seq: 7, mark: 3 });
    expect([replica.seq, replica.position, [...(await replica.documentKeys())].sort()]).toEqual([7, { seq: 7, mark: 3 }, [1, 2]]);
    const vector = Float32Array.of(0.1, 0.1, 1, 0.1);
    for (const query of [
      { terms: ['all', 'rest3'], limit: 10 },
      { vector, limit: 10 },
      { terms: ['all', 'rest3'], vector, vectorWeight: 0.5, limit: 10 },
      { terms: ['key203'], vector, vectorWeight: 1, semantic: true, collections: [1], limit: 10 },
      { terms: ['all'], documents: new Set([2]), limit: 5 },
    ]) {
      expect(await replica.search(query)).toEqual({ hits: await own.search(query), seq: 7 });
    }
    const terms = ['all', 'key203', 'unknown'];
    expect([...(await replica.idf(terms))]).toEqual(terms.map((term) => own.idf(term)));
    expect(await replica.stats()).toMatchObject({ documents: 2, chunks: 110, vectors: 88 });
    await own.close();
  });

  it('takes changes in the order of the calls, and a document whole or not at all', async () => {
    const broken = { document: 1, collection: 1, chunks: streamed(1, 300, 150) };
    const results = await Promise.allSettled([
      replica.apply(1, { put: { document: 1, collection: 1, chunks: chunks(1, 2) } }),
      replica.apply(2, { put: broken }),
      replica.apply(3, { put: { document: 2, collection: 1, chunks: streamed(1_001, 100) } }),
      replica.apply(4, { remove: 2 }),
      replica.apply(5, { put: { document: 3, collection: 1, chunks: [{ key: -1, terms: [], vector: null }] } }),
      replica.apply(6, { put: { document: 4, collection: 1, chunks: [{ key: 9, terms: [], vector: new Float32Array(DIMENSIONS + 1) }] } }),
      replica.apply(7, { put: { document: 5, collection: 1, chunks: [chunk(7)] } }),
    ]);
    const reasons = results.map((result) => (result.status === 'rejected' ? (result.reason as Error).message : ''));
    expect(reasons).toEqual(['', 'The source broke off.', '', '', expect.stringContaining('Chunk key -1'), expect.stringContaining('5 components instead of 4'), '']);
    expect(await keys('all')).toEqual([1, 2, 7]);
    expect(replica.seq).toBe(7);
  });

  it('tells why it cannot write, refuses changes meanwhile, and says when it can again', async () => {
    await rename(join(parent, 'index'), join(parent, 'aside'));
    await writeFile(join(parent, 'index'), '');
    let seq = 0;
    const put = () => replica.apply(++seq, { put: { document: seq, collection: 1, chunks: chunks(seq * 100, 100) } });
    const refusal = await (async () => {
      for (;;) await put();
    })().catch((error: unknown) => error);
    expect([isStalled(refusal), String(refusal)]).toEqual([true, expect.stringMatching(/takes no changes until its files can be written: .*ENOTDIR/)]);
    expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('ENOTDIR') as string })]);
    await until(() => replica.failing);
    await rm(join(parent, 'index'));
    await rename(join(parent, 'aside'), join(parent, 'index'));
    await until(() => put().then(() => !replica.failing, () => false));
  });

  it('refuses searches of one replica above a bound, answers those it took, and those of others', async () => {
    const other = await thread.open(options('other'));
    await replica.apply(1, { put: { document: 1, collection: 1, chunks: chunks(1, 100) } });
    const flood = Promise.allSettled(Array.from({ length: 700 }, () => replica.search({ terms: ['all'], limit: 1 })));
    expect(await other.search({ terms: ['all'], limit: 1 })).toEqual({ hits: [], seq: 0 });
    const refusals = (await flood).filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refusals).toHaveLength(200);
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(ThreadBusyError);
    expect(await keys('key1')).toEqual([1]);
    await other.close();
  });

  it.each([0, 1, 2, 3])('breaks a document off that is being taken when it is closed (%i ms later)', async (later) => {
    const terms = Array.from({ length: 2_000 }, (_, place) => [`term${place}`, 1] as const);
    let taken = 0;
    let ended = false;
    const large = (async function* () {
      try {
        while (taken < 1_000) yield { ...chunk(++taken), terms: await Promise.resolve(terms) };
      } finally {
        ended = true;
      }
    })();
    const applied = replica.apply(1, { put: { document: 1, collection: 1, chunks: large } }).catch((error: unknown) => String(error));
    await until(() => taken > 64);
    await new Promise((resolve) => setTimeout(resolve, later));
    await replica.close();
    expect([await applied, ended]).toEqual([expect.stringContaining('closed'), true]);
  });

  it('gives up a document that is on its way when it is closed, and keeps what was whole', async () => {
    await replica.apply(1, { put: { document: 1, collection: 1, chunks: chunks(1, 3) } });
    let more: () => void = () => undefined;
    const stuck = (async function* () {
      yield* streamed(10, 40);
      await new Promise<void>((resolve) => (more = resolve));
    })();
    const applied = replica.apply(2, { put: { document: 2, collection: 1, chunks: stuck } }).catch((error: unknown) => String(error));
    await until(async () => (await replica.stats()).tailChunks > 0);
    await replica.close();
    more();
    expect(await applied).toContain('closed');
    replica = await thread.open(options('index'));
    expect([replica.seq, await keys('all')]).toEqual([1, [1, 2, 3]]);
  });

  it('says of replicas whose thread has died that they are lost, and opens them in another', async () => {
    await replica.apply(1, { put: { document: 1, collection: 1, chunks: chunks(1, 3) } });
    await replica.close();
    replica = await thread.open(options('index'));
    const asked = Promise.allSettled([replica.search({ terms: ['all'], limit: 1 }), replica.apply(2, { remove: 1 })]);
    await thread.close();
    for (const result of await asked) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(ReplicaLostError);
    expect(replica.lost).toBe(true);
    await expect(replica.stats()).rejects.toThrow(ReplicaLostError);
    await replica.close();
    replica = await thread.open(options('index'));
    expect(await keys('all')).toContain(1);
  });
});
