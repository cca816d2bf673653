import { Logger } from '@nestjs/common';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CollectionStore } from '../../src/modules/rag/adapters/collection.store.js';
import { DocumentQueue } from '../../src/modules/rag/adapters/document.queue.js';
import { DocumentWriter } from '../../src/modules/rag/adapters/document.writer.js';
import { FileStore } from '../../src/modules/rag/adapters/file.store.js';
import { DocumentProcessor } from '../../src/modules/rag/document.processor.js';
import { IngestionService } from '../../src/modules/rag/ingestion.service.js';
import { IngestionWorker } from '../../src/modules/rag/ingestion.worker.js';
import { UploadService } from '../../src/modules/rag/upload.service.js';
import { LexicalEmbeddingModel } from '../../src/modules/search/adapters/lexical.embedding-model.js';
import { DictionaryService } from '../../src/modules/search/dictionary.service.js';
import { EmbeddingService } from '../../src/modules/search/embedding.service.js';
import type { Env } from '../../src/platform/config/env.js';
import { ClusterEventBus } from '../../src/platform/events/cluster-event-bus.js';
import { ProcessSlot } from '../../src/platform/storage/process-slot.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { TenantSurvey } from '../../src/platform/tenancy/tenant-survey.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { scratchDirectory } from '../support/scratch.js';
import { newTenant } from '../support/statistics.js';

const limits = { INGEST_CONCURRENCY: 1, INGEST_MEMORY_MB: 512, INGEST_TIMEOUT_SECONDS: 60 };

/** Takes over when it is told to. */
class WaitingProcessor extends DocumentProcessor {
  go: () => void = () => undefined;
  private readonly told = new Promise<void>((resolve) => (this.go = resolve));

  override async takeOver(): Promise<void> {
    await this.told;
    await super.takeOver();
  }
}

describe(IngestionWorker.name, () => {
  let platform: TestPlatform;
  let folder: string;
  let tenant: TenantContext;
  let queue: DocumentQueue;
  let uploads: UploadService;
  let ingestion: IngestionService;
  let processor: WaitingProcessor;
  let worker: IngestionWorker;
  let bus: ClusterEventBus;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    platform = await openPlatform({ migrated: true });
    folder = await mkdtemp(join(scratchDirectory(), 'worker-'));
  });
  afterAll(async () => {
    await platform.close();
    await rm(folder, { recursive: true, force: true });
    Logger.overrideLogger(['log', 'error', 'warn']);
  });
  beforeEach(async () => {
    const { tenantDatabase, tenants, database } = platform;
    tenant = await newTenant(platform);
    const slot = new ProcessSlot({ AI_STACK_DATA_DIR: folder });
    const files = new FileStore({ AI_STACK_DATA_DIR: folder }, slot);
    const writer = new DocumentWriter(tenantDatabase);
    queue = new DocumentQueue(tenantDatabase, files, slot, new TenantSurvey(tenants, database));
    uploads = new UploadService(files, writer, queue, new CollectionStore(tenantDatabase));
    ingestion = new IngestionService(writer, new EmbeddingService({ current: new LexicalEmbeddingModel(), of: () => undefined, isNewest: () => Promise.resolve(true) }), new DictionaryService(slot, { AI_STACK_USER_DICTIONARY: undefined }), limits as Env);
    processor = new WaitingProcessor(tenantDatabase, queue, writer, files, ingestion);
    bus = new ClusterEventBus(database.config);
    worker = new IngestionWorker(processor, tenants, tenantDatabase, bus, limits);
    await bus.onModuleInit();
  });
  afterEach(async () => {
    await worker.beforeApplicationShutdown();
    await ingestion.onApplicationShutdown();
    await bus.onApplicationShutdown();
  });

  const run = <T>(work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);
  const sql = (statement: (table: string) => string) => run(() => platform.tenantDatabase.query((names) => statement(names.table('documents'))));
  const documentOf = async (id: string) => (await sql((table) => `SELECT status, attempts, pauses, run_after >= updated_at + interval '5 seconds' AS paused FROM ${table} WHERE id = '${id}'`))[0];
  async function upload(content: string): Promise<string> {
    const [receipt] = await run(async () => uploads.submit([{ filename: 'a.txt', mime: undefined, upload: await uploads.receive(Readable.from([content])) }], {}));
    return receipt?.documentId ?? '';
  }

  it('gives back what its predecessor had under way before it takes anything itself', async () => {
    const left = await upload('The predecessor began with this one.');
    await run(() => queue.claim());
    const starting = worker.onApplicationBootstrap();
    const fresh = await upload('This one came while the process started.');
    await delay(300);
    expect(await documentOf(fresh)).toMatchObject({ status: 'queued', attempts: 0 });
    processor.go();
    await starting;
    await expect.poll(() => documentOf(fresh)).toMatchObject({ status: 'ready', attempts: 1 });
    await expect.poll(() => documentOf(left)).toMatchObject({ status: 'ready', attempts: 2 });
  });

  it('puts a document off, without blame and letting others pass, while the database has no room for it', async () => {
    const table = (name: string) => `${tenant.schema}.${name}`;
    await platform.database.pool.query(`CREATE FUNCTION ${table('refuse')}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.text LIKE '%too much%' THEN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$`);
    await platform.database.pool.query(`CREATE TRIGGER refuse BEFORE INSERT ON ${table('chunks')} FOR EACH ROW EXECUTE FUNCTION ${table('refuse')}()`);
    const again = async () => {
      await sql((documents) => `UPDATE ${documents} SET run_after = now() WHERE status = 'queued'`);
      await run(() => queue.announce());
    };
    processor.go();
    await worker.onApplicationBootstrap();
    const heavy = await upload('This one is too much.');
    for (let round = 1; round <= 3; round += 1) {
      // Its pauses are short at first: one more may be over by the time this looks.
      await expect.poll(() => documentOf(heavy)).toEqual({ status: 'queued', attempts: 0, pauses: expect.toSatisfy((pauses: number) => pauses >= round), paused: true });
      const other = await upload(`Number ${round} is light.`);
      await expect.poll(() => documentOf(other)).toMatchObject({ status: 'ready' });
      if (round < 3) await again();
    }
    await platform.database.pool.query(`DROP TRIGGER refuse ON ${table('chunks')}`);
    await again();
    await expect.poll(() => documentOf(heavy)).toMatchObject({ status: 'ready' });
  });
});
