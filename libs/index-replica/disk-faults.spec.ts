import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IndexReplica } from './index-replica.js';
import { SyntheticDocuments } from './testing/synthetic-documents.js';
import { ReplicaStalledError, type ReplicaOptions } from './types.js';

const DIMENSIONS = 16;

describe('a folder that cannot be written', () => {
  let parent: string;
  let directory: string;
  let made: SyntheticDocuments;
  let replica: IndexReplica;
  let told: Error[];

  const options = (): ReplicaOptions => ({
    directory,
    dimensions: DIMENSIONS,
    vectorSpace: 'test@1',
    limits: { tailChunks: 100, retryMilliseconds: 200 },
    onError: (error) => told.push(error),
  });

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'index-disk-'));
    directory = join(parent, 'index');
    told = [];
    made = new SyntheticDocuments({ seed: 5, dimensions: DIMENSIONS, vocabulary: 300, chunkLength: 20, clusters: 5, collections: 2 });
    replica = await IndexReplica.open(options());
  });

  afterEach(async () => {
    await replica.close();
    await rm(parent, { recursive: true });
  });

  /** A file in the folder's place: nothing below it can be made, not even by root. */
  async function breakFolder(): Promise<void> {
    await rename(directory, join(parent, 'aside'));
    await writeFile(directory, '');
  }

  async function mendFolder(): Promise<void> {
    await rm(directory);
    await rename(join(parent, 'aside'), directory);
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const fill = async (from: number, to: number) => {
    for (let document = from; document <= to; document++) await replica.apply(document, { put: made.document(document, 10) });
  };

  it('refuses changes when its memory is full, says so once without turning in circles, and goes on when it can', async () => {
    await breakFolder();
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    await expect(fill(1, 40)).rejects.toThrow(ReplicaStalledError);
    // Full, and left alone for some retries.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { user, system } = process.cpuUsage(cpu);
    expect((user + system) / 1_000).toBeLessThan((performance.now() - startedAt) * 0.8);
    const { seq, chunks, lastError } = replica.stats();
    expect(seq).toBeGreaterThanOrEqual(30);
    expect(chunks).toBe(seq * 10);
    expect([lastError, ...told.map(({ message }) => message)]).toEqual([expect.stringContaining('ENOTDIR'), expect.stringContaining('ENOTDIR')]);

    await mendFolder();
    await until(() => replica.stats().snapshotSeq > 0);
    await fill(seq + 1, 40);
    await until(() => !replica.stats().compacting);
    expect(replica.stats()).toMatchObject({ seq: 40, chunks: 400, lastError: null });
    await replica.close();
    replica = await IndexReplica.open(options());
    expect(replica.stats()).toMatchObject({ seq: 40, chunks: 400 });
  });

  it('closes without failing, and starts from the snapshot it has', async () => {
    await fill(1, 10);
    await until(() => replica.stats().snapshotSeq === 10);
    await replica.apply(11, { put: made.document(11, 3) });
    await breakFolder();
    await replica.close();
    expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('ENOTDIR') as string })]);
    await mendFolder();
    replica = await IndexReplica.open(options());
    expect(replica.stats()).toMatchObject({ seq: 10, chunks: 100 });
  });

  it('leaves nothing half written behind', async () => {
    await replica.close();
    // Long enough to look at what the first attempt leaves.
    replica = await IndexReplica.open({ ...options(), limits: { tailChunks: 100, retryMilliseconds: 5_000 } });
    // The first name the writer takes is in use: it fails at its last step.
    await mkdir(join(directory, 'segment-000000000001', 'in-use'), { recursive: true });
    await fill(1, 10);
    await until(() => told.length === 1);
    expect(await readdir(directory)).toEqual([]);
    await until(() => replica.stats().snapshotSeq === 10);
    expect(replica.stats().lastError).toBeNull();
    expect(await readdir(directory)).toEqual(['segment-000000000002', 'snapshot-0000000000000001.json']);
  });
});
