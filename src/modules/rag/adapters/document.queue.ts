import { Injectable, Logger } from '@nestjs/common';
import type { ChunkingSettings } from '#libs/chunking';
import { notification, notifySql } from '../../../platform/events/cluster-event-bus.js';
import { ProcessSlot } from '../../../platform/storage/process-slot.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { requireTenant } from '../../../platform/tenancy/tenant-context.js';
import { FileStore } from './file.store.js';

/** A process that dies gives its document back after this time. */
const lease = `interval '60 seconds'`;
const renewMs = 20_000;
/** A document whose process died this often is taken for the cause. Parsing itself runs in a child, so most deaths are no fault of it. */
export const mostAttempts = 10;

export interface ClaimedDocument {
  id: string;
  title: string;
  filename: string | null;
  mime: string | null;
  filePath: string | null;
  /** Settings of its collection. */
  chunking: Partial<ChunkingSettings>;
  attempts: number;
}

/**
 * The documents table is the queue of documents to process: a row is queued, claimed with a lease, and ready or failed.
 * Several processes share it (SKIP LOCKED); what was queued survives any of them.
 */
@Injectable()
export class DocumentQueue {
  /** Names this process in leases, and whichever has its place after a kill. */
  readonly owner: string;
  private readonly logger = new Logger(DocumentQueue.name);

  constructor(
    private readonly database: TenantDatabase,
    private readonly files: FileStore,
    slot: ProcessSlot,
  ) {
    this.owner = slot.id;
  }

  /** Tells all processes that a document waits; call it in the transaction that queues it. */
  async announce(): Promise<void> {
    await this.database.query(notifySql, [notification('documents.queued', { schema: requireTenant().schema })]);
  }

  /** The oldest waiting document whose file is in this data folder, or one whose process died. */
  async claim(): Promise<ClaimedDocument | undefined> {
    const [claimed] = await this.database.query<ClaimedDocument>(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'processing', lease_owner = $1, lease_until = now() + ${lease}, attempts = attempts + 1,
                       progress = '{"stage": "parsing", "percent": 0}', updated_at = now()
                WHERE id = (SELECT id FROM ${sql.table('documents')}
                            WHERE (status = 'queued' OR (status = 'processing' AND lease_until < now())) AND starts_with(file_path, $2)
                            ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id, title, filename, mime, file_path AS "filePath", attempts,
                  (SELECT chunking FROM ${sql.table('collections')} c WHERE c.id = collection_id) AS chunking`,
      [this.owner, `${this.files.store}/`],
    );
    return claimed;
  }

  /** Of the tenant, over all data folders. */
  async lengths(): Promise<{ waiting: number; active: number }> {
    const [lengths] = await this.database.query<{ waiting: number; active: number }>(
      (sql) => `SELECT count(*) FILTER (WHERE status = 'queued')::int AS waiting, count(*) FILTER (WHERE status = 'processing')::int AS active
                FROM ${sql.table('documents')} WHERE status IN ('queued', 'processing')`,
    );
    return lengths ?? { waiting: 0, active: 0 };
  }

  /** False once it was deleted, or taken over by another process. */
  async isOurs(id: string): Promise<boolean> {
    const rows = await this.database.query((sql) => `SELECT 1 FROM ${sql.table('documents')} WHERE id = $1 AND lease_owner = $2`, [id, this.owner]);
    return rows.length > 0;
  }

  private async renew(id: string, stage: string, percent: number): Promise<boolean> {
    const rows = await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET lease_until = now() + ${lease}, progress = $3, updated_at = now() WHERE id = $1 AND lease_owner = $2 AND status = 'processing' RETURNING id`,
      [id, this.owner, JSON.stringify({ stage, percent: Math.round(percent) })],
    );
    return rows.length > 0;
  }

  async fail(id: string, error: { code: string; message: string }): Promise<void> {
    await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'failed', error = $3, progress = NULL, lease_owner = NULL, lease_until = NULL, updated_at = now() WHERE id = $1 AND lease_owner = $2`,
      [id, this.owner, JSON.stringify(error)],
    );
  }

  /** Gives a document back unprocessed. The attempt counts only where the document may be the reason. */
  async giveBack(id: string, counts: boolean): Promise<void> {
    await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'queued', attempts = attempts - $3, progress = NULL, lease_owner = NULL, lease_until = NULL, updated_at = now()
                WHERE id = $1 AND lease_owner = $2`,
      [id, this.owner, counts ? 0 : 1],
    );
  }

  /** Renews the lease until the returned function is called; `onLost` when the document is not this process's any more. */
  holdLease(id: string, progress: { stage: string; share: number }, onLost: () => void): () => void {
    const beat = async () => {
      try {
        if (!(await this.renew(id, progress.stage, progress.share * 100))) onLost();
      } catch (error) {
        this.logger.warn({ err: error, document_id: id }, 'The lease of a document could not be renewed; the next beat tries again');
      }
    };
    const timer = setInterval(() => void beat(), renewMs);
    return () => clearInterval(timer);
  }

  /** What a killed predecessor had claimed: its files are queued again at once, its texts were never acknowledged. */
  async releaseOwn(): Promise<void> {
    await this.database.query((sql) => `DELETE FROM ${sql.table('documents')} WHERE lease_owner = $1 AND status = 'processing' AND file_path IS NULL`, [this.owner]);
    await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'queued', progress = NULL, lease_owner = NULL, lease_until = NULL, updated_at = now() WHERE lease_owner = $1 AND status = 'processing'`,
      [this.owner],
    );
  }

  /** Texts whose request died with its process: nobody was told of them and nothing could finish them. */
  async removeAbandonedTexts(): Promise<void> {
    await this.database.query((sql) => `DELETE FROM ${sql.table('documents')} WHERE status = 'processing' AND file_path IS NULL AND lease_until < now()`);
  }
}
