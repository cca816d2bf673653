import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CollectionStore } from '../../src/modules/rag/adapters/collection.store.js';
import { DocumentQueue } from '../../src/modules/rag/adapters/document.queue.js';
import { DocumentStore } from '../../src/modules/rag/adapters/document.store.js';
import { DocumentWriter } from '../../src/modules/rag/adapters/document.writer.js';
import { FileStore } from '../../src/modules/rag/adapters/file.store.js';
import { FileSweeper } from '../../src/modules/rag/file-sweeper.js';
import { UploadService } from '../../src/modules/rag/upload.service.js';
import { ProcessSlot } from '../../src/platform/storage/process-slot.js';
import type { TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { TenantRounds } from '../../src/platform/tenancy/tenant-rounds.js';
import { TenantSurvey } from '../../src/platform/tenancy/tenant-survey.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';
import { scratchDirectory } from '../support/scratch.js';
import { newTenant } from '../support/statistics.js';

/** COMMIT is carried out, its answer does not arrive. */
class AnswerLostWriter extends DocumentWriter {
  override async transaction<T>(work: () => Promise<T>): Promise<T> {
    await super.transaction(work);
    throw new Error('Connection terminated unexpectedly');
  }
}

describe(UploadService.name, () => {
  let platform: TestPlatform;
  let folder: string;
  let tenant: TenantContext;
  let slot: ProcessSlot;
  let files: FileStore;
  let queue: DocumentQueue;
  let rounds: TenantRounds;

  beforeAll(async () => {
    platform = await openPlatform({ migrated: true });
    folder = await mkdtemp(join(scratchDirectory(), 'uploads-'));
    slot = new ProcessSlot({ AI_STACK_DATA_DIR: folder });
    files = new FileStore({ AI_STACK_DATA_DIR: folder }, slot);
    queue = new DocumentQueue(platform.tenantDatabase, files, slot, new TenantSurvey(platform.tenants, platform.database));
    rounds = new TenantRounds(platform.tenants, platform.tenantDatabase);
    new FileSweeper(rounds, new DocumentStore(platform.tenantDatabase), files).onModuleInit();
  });
  afterAll(async () => {
    await platform.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    tenant = await newTenant(platform);
  });

  const run = <T>(work: () => Promise<T>): Promise<T> => platform.tenantDatabase.forTenant(tenant, work);
  const uploads = (writer = new DocumentWriter(platform.tenantDatabase)) => new UploadService(files, writer, queue, new CollectionStore(platform.tenantDatabase));
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  async function receive() {
    return { filename: 'a.txt', mime: undefined, upload: await files.receive(Readable.from([`content ${randomUUID()}`])) };
  }

  it('keeps the file when the answer to the commit is lost', async () => {
    const file = await receive();
    await expect(run(() => uploads(new AnswerLostWriter(platform.tenantDatabase)).submit([file], {}))).rejects.toThrow('Connection terminated');
    const claimed = await run(() => queue.claim());
    expect(claimed?.filePath && existsSync(files.path(claimed.filePath))).toBe(true);
  });

  it('keeps files that arrived hours before the last one of their upload', async () => {
    const file = await receive();
    await utimes(file.upload.temporaryPath, hoursAgo(2), hoursAgo(2));
    await rounds.walk();
    let insertDone: () => void = () => undefined;
    const inserted = new Promise<void>((resolve) => (insertDone = resolve));
    // Outside of the transaction, where the row is not seen yet.
    const sweeping = inserted.then(() => rounds.walk());
    const receipts = await run(() => new DocumentWriter(platform.tenantDatabase).transaction(async () => {
      const submitted = await uploads().submit([file], {});
      insertDone();
      await sweeping;
      return submitted;
    }));
    const claimed = await run(() => queue.claim());
    expect(claimed?.id).toBe(receipts[0]?.documentId);
    expect(claimed?.filePath && existsSync(files.path(claimed.filePath))).toBe(true);
  });

  it('takes the same files sent twice at once, in whatever order', async () => {
    const contents = Array.from({ length: 40 }, () => `content ${randomUUID()}`);
    const send = (order: string[]) => run(async () => {
      const received = [];
      for (const content of order) received.push({ filename: content, mime: undefined, upload: await files.receive(Readable.from([content])) });
      return uploads().submit(received, {});
    });
    const [first, second] = await Promise.all([send(contents), send(contents.toReversed())]);
    expect(first.map(({ filename }) => filename)).toEqual(contents);
    expect(second.map(({ documentId }) => documentId)).toEqual(first.map(({ documentId }) => documentId).toReversed());
  });

  it('leaves nothing of uploads that a predecessor did not end, and those of others alone', async () => {
    const mine = await files.receive(Readable.from(['mine']));
    const another = new ProcessSlot({ AI_STACK_DATA_DIR: folder });
    const theirs = await new FileStore({ AI_STACK_DATA_DIR: folder }, another).receive(Readable.from(['theirs']));
    slot.onApplicationShutdown();
    slot = new ProcessSlot({ AI_STACK_DATA_DIR: folder });
    files = new FileStore({ AI_STACK_DATA_DIR: folder }, slot);
    expect([existsSync(mine.temporaryPath), existsSync(theirs.temporaryPath)]).toEqual([false, true]);
    another.onApplicationShutdown();
  });
});
