import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PreparedChunk, PreparedDocument } from '#libs/ingestion';
import { CollectionStore } from '../../src/modules/rag/adapters/collection.store.js';
import { DocumentQueue, type ClaimedDocument } from '../../src/modules/rag/adapters/document.queue.js';
import { DocumentWriter, LeaseLostError, type NewDocument } from '../../src/modules/rag/adapters/document.writer.js';
import { FileStore } from '../../src/modules/rag/adapters/file.store.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { DocumentAttempts1795222800000 } from '../../src/platform/database/migrations/tenant/1795222800000-document-attempts.js';
import { ProcessSlot } from '../../src/platform/storage/process-slot.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { TenantSurvey } from '../../src/platform/tenancy/tenant-survey.js';
import { eventually } from '../support/api.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { scratchDirectory } from '../support/scratch.js';
import { newTenant } from '../support/statistics.js';

const space = 'none@1/2';
const document: PreparedDocument = { type: 'document', title: 'Tides', mime: 'text/plain', pages: undefined, blockCount: 1, warnings: [], metadata: {}, analyser: '2' };
const chunk = (ordinal: number, text: string): PreparedChunk => ({ ordinal, start: ordinal, end: ordinal + 1, page: undefined, headings: [], text, tokenCount: 1, tokens: `'tide':1`, vector: undefined });

/** What an attempt writes when another one, of another process or of this very one, has the document by now. */
describe('attempts at a document', () => {
  let platform: TestPlatform;
  let folder: string;
  let tenant: TenantContext;
  let writer: DocumentWriter;
  let files: FileStore;
  let one: DocumentQueue;
  let two: DocumentQueue;

  beforeAll(async () => {
    platform = await openPlatform({ migrated: true });
    folder = await mkdtemp(join(scratchDirectory(), 'attempts-'));
    const env = { AI_STACK_DATA_DIR: folder };
    const [slot, another] = [new ProcessSlot(env), new ProcessSlot(env)];
    files = new FileStore(env, slot);
    writer = new DocumentWriter(platform.tenantDatabase);
    const survey = new TenantSurvey(platform.tenants, platform.database);
    [one, two] = [new DocumentQueue(platform.tenantDatabase, files, slot, survey), new DocumentQueue(platform.tenantDatabase, files, another, survey)];
  });
  afterAll(async () => {
    await platform.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    tenant = await newTenant(platform);
  });

  const run = <T>(work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);
  const rows = (statement: (table: (name: string) => string) => string, parameters: unknown[] = []) => run(() => platform.tenantDatabase.query((sql) => statement((name) => sql.table(name)), parameters));
  const leaseEnds = () => rows((table) => `UPDATE ${table('documents')} SET lease_until = now() - interval '1 second' WHERE status = 'processing'`);
  const texts = () => rows((table) => `SELECT ordinal, text FROM ${table('chunks')} ORDER BY ordinal, key`);
  const write = (claimed: ClaimedDocument, ...chunks: PreparedChunk[]) => run(() => writer.writeChunks(claimed.attempt, chunks, chunks.map(() => undefined), space));

  /** Connections to this database that wait for a lock of another one. */
  async function waitingForLocks(): Promise<number> {
    const { rows } = await platform.database.pool.query(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`);
    return rows.length;
  }

  async function queueDocument(): Promise<void> {
    const { id: collectionId } = await run(() => new CollectionStore(platform.tenantDatabase).resolve(undefined));
    const id = randomUUID();
    const queued: NewDocument = {
      id, collectionId, title: '', source: undefined, mime: undefined, filename: 'tides.txt', bytes: 1, contentHash: Buffer.from(id), metadata: {}, filePath: join(files.store, tenant.schema, id), taskId: undefined,
    };
    await run(() => writer.insert(queued));
  }

  async function claimBy(queue: DocumentQueue): Promise<ClaimedDocument> {
    const claimed = await run(() => queue.claim());
    if (!claimed) throw new Error('Nothing was claimed');
    return claimed;
  }

  it.each([['another process', () => two], ['the same process', () => one]])('of which the first was overtaken by %s: nothing of it is in the document', async (_who, successor) => {
    await queueDocument();
    const slow = await claimBy(one);
    await run(() => writer.writeDocument(slow.attempt, document, 'slow'));
    await write(slow, chunk(0, 'slow 0'));
    await leaseEnds();
    const next = await claimBy(successor());
    await run(() => writer.clear(next.attempt));
    await run(() => writer.writeDocument(next.attempt, document, 'next'));
    await write(next, chunk(0, 'next 0'));
    for (const late of [() => write(slow, chunk(1, 'slow 1')), () => run(() => writer.clear(slow.attempt)), () => run(() => writer.writeDocument(slow.attempt, document, 'slow')), () => run(() => writer.publish(slow.attempt, 2))]) {
      await expect(late()).rejects.toThrow(LeaseLostError);
    }
    await run(() => one.putOff(slow.attempt));
    await run(() => one.fail(slow.attempt, { code: 'slow', message: 'slow' }));
    expect(await run(() => one.isHeld(slow.attempt))).toBe(false);
    await write(next, chunk(1, 'next 1'));
    await run(() => writer.publish(next.attempt, 2));
    expect(await texts()).toEqual([{ ordinal: 0, text: 'next 0' }, { ordinal: 1, text: 'next 1' }]);
    expect(await rows((table) => `SELECT status, chunk_count, content, lease_token FROM ${table('documents')} JOIN ${table('document_contents')} ON document_id = id`)).toEqual([{ status: 'ready', chunk_count: 2, content: 'next', lease_token: null }]);
    await expect(write(next, chunk(2, 'after the end'))).rejects.toThrow(LeaseLostError);
  });

  it('that were given back leave nothing: the write under way is over first', async () => {
    await queueDocument();
    const slow = await claimBy(one);
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    let locked: () => void = () => undefined;
    const underWay = new Promise<void>((resolve) => (locked = resolve));
    const writing = run(() => writer.transaction(async () => {
      await writer.writeChunks(slow.attempt, [chunk(0, 'slow 0')], [undefined], space);
      locked();
      await held;
    }));
    await Promise.race([underWay, writing]);
    let isGivenBack = false;
    const givingBack = run(() => one.giveBack(slow.attempt)).then(() => {
      isGivenBack = true;
      return texts();
    });
    try {
      await eventually(waitingForLocks, (waiting) => waiting === 1);
      expect(isGivenBack).toBe(false);
    } finally {
      go();
    }
    // Which of the two is told first is open; but once it is given back, what was written is committed, so that a successor clears it.
    expect(await givingBack).toEqual([{ ordinal: 0, text: 'slow 0' }]);
    await writing;
    const next = await claimBy(two);
    await run(() => writer.clear(next.attempt));
    expect(await texts()).toEqual([]);
  });

  it('of an earlier version leave each place in a document once', async () => {
    await queueDocument();
    const source = await createDataSource({ pool: platform.database.pool, schema: tenant.schema, entities: [] }).initialize();
    const runner = source.createQueryRunner();
    await runner.query(`SET search_path TO ${tenant.schema}`);
    try {
      const migration = new DocumentAttempts1795222800000();
      await migration.down(runner);
      const insert = (ordinal: number) => runner.query(
        `INSERT INTO chunks (id, document_id, ordinal, start_offset, end_offset, text, token_count) SELECT gen_random_uuid(), id, $1, 0, 1, 'text', 1 FROM documents`, [ordinal]);
      for (const ordinal of [0, 1, 0, 1, 2]) await insert(ordinal);
      await runner.query(`UPDATE documents SET status = 'ready', chunk_count = 3`);
      await migration.up(runner);
      expect(await texts()).toEqual([0, 1, 2].map((ordinal) => ({ ordinal, text: 'text' })));
      expect(await runner.query('SELECT operation FROM index_log')).toEqual([{ operation: 'put' }]);
    } finally {
      await runner.query('RESET search_path');
      await runner.release();
      await source.destroy();
    }
  });
});
