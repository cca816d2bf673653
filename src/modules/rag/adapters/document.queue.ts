import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ChunkingSettings } from '#libs/chunking';
import { notification, notifySql } from '../../../platform/events/cluster-event-bus.js';
import { ProcessSlot } from '../../../platform/storage/process-slot.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { requireTenant, type TenantContext } from '../../../platform/tenancy/tenant-context.js';
import { TenantSurvey } from '../../../platform/tenancy/tenant-survey.js';
import { dropRevision, noRevision, queueRevisions } from './document-revision.sql.js';
import { FileStore } from './file.store.js';

/** A process that dies gives its document back after this time. */
const lease = `interval '60 seconds'`;
const renewMs = 20_000;
const isDue = `((status = 'queued' AND run_after <= now()) OR (status = 'processing' AND lease_until < now()))`;
const noLease = 'lease_owner = NULL, lease_token = NULL, lease_until = NULL';
/** Pauses after faults that are none of the document's: 5 s, 10 s … five minutes. The look through all tenants that ends them comes every 15 s. */
const pause = 'make_interval(secs => least(5 * power(2, least(pauses, 9)), 300))';
/** A document whose process died this often is taken for the cause. Parsing itself runs in a child, so most deaths are no fault of it. */
export const mostAttempts = 10;

/**
 * One try at processing a document. What it writes counts only while the document's row carries its token: a later attempt, a
 * deletion or the end of this one takes it away, and every write after that fails with LeaseLostError.
 */
export interface Attempt {
  documentId: string;
  /** The process slot, by which a successor finds what a killed process had under way. */
  owner: string;
  token: string;
  /** The document whose place this one takes when it is processed. */
  replaces?: string | null;
}

export interface ClaimedDocument {
  id: string;
  attempt: Attempt;
  title: string;
  filename: string | null;
  mime: string | null;
  /** Null for a text. */
  filePath: string | null;
  /** The text that is processed anew. */
  text: string | null;
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
    private readonly survey: TenantSurvey,
  ) {
    this.owner = slot.id;
  }

  /** Tells all processes that a document waits; call it in the transaction that queues it. */
  async announce(): Promise<void> {
    await this.database.query(notifySql, [notification('documents.queued', { schema: requireTenant().schema })]);
  }

  /** An attempt of this process; it begins when a row is given its token. */
  attemptAt(documentId: string): Attempt {
    return { documentId, owner: this.owner, token: randomUUID() };
  }

  /** The oldest waiting document whose file is in this data folder, or one whose process died. */
  async claim(): Promise<ClaimedDocument | undefined> {
    const token = randomUUID();
    // A row that an older attempt is writing under (FOR SHARE) is passed over until that write is committed.
    const [claimed] = await this.database.query<Omit<ClaimedDocument, 'attempt'> & { replaces: string | null }>(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'processing', lease_owner = $1, lease_token = $3, lease_until = now() + ${lease}, attempts = attempts + 1,
                       progress = '{"stage": "parsing", "percent": 0}', updated_at = now()
                WHERE id = (SELECT id FROM ${sql.table('documents')}
                            WHERE ${isDue} AND (starts_with(file_path, $2) OR (file_path IS NULL AND replaces IS NOT NULL))
                            ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id, title, filename, mime, file_path AS "filePath", attempts, replaces,
                  CASE WHEN file_path IS NULL THEN (SELECT content FROM ${sql.table('document_contents')} t WHERE t.document_id = replaces) END AS text,
                  (SELECT chunking FROM ${sql.table('collections')} c WHERE c.id = collection_id) AS chunking`,
      [this.owner, `${this.files.store}/`, token],
    );
    return claimed && { ...claimed, attempt: { documentId: claimed.id, owner: this.owner, token, replaces: claimed.replaces } };
  }

  /** Tenants with documents for this data folder, or texts that nobody will finish. */
  waiting(): Promise<TenantContext[]> {
    return this.survey.having((sql) => `${sql.table('documents')} WHERE ${isDue} AND (file_path IS NULL OR starts_with(file_path, $1))`, [`${this.files.store}/`]);
  }

  /** Tenants with documents that a killed predecessor in this process's place had under way. */
  leftBehind(): Promise<TenantContext[]> {
    return this.survey.having((sql) => `${sql.table('documents')} WHERE status = 'processing' AND lease_owner = $1`, [this.owner]);
  }

  /** Of the tenant, over all data folders. */
  async lengths(): Promise<{ waiting: number; active: number }> {
    const [lengths] = await this.database.query<{ waiting: number; active: number }>(
      (sql) => `SELECT count(*) FILTER (WHERE status = 'queued')::int AS waiting, count(*) FILTER (WHERE status = 'processing')::int AS active
                FROM ${sql.table('documents')} WHERE status IN ('queued', 'processing')`,
    );
    return lengths ?? { waiting: 0, active: 0 };
  }

  /** False once the document was deleted, or is another attempt's. */
  async isHeld({ documentId, token }: Attempt): Promise<boolean> {
    const rows = await this.database.query((sql) => `SELECT 1 FROM ${sql.table('documents')} WHERE id = $1 AND lease_token = $2`, [documentId, token]);
    return rows.length > 0;
  }

  private async renew({ documentId, token }: Attempt, stage: string, percent: number): Promise<boolean> {
    const rows = await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET lease_until = now() + ${lease}, progress = $3, updated_at = now() WHERE id = $1 AND lease_token = $2 RETURNING id`,
      [documentId, token, JSON.stringify({ stage, percent: Math.round(percent) })],
    );
    return rows.length > 0;
  }

  /** Queues all ready documents of a collection to be processed anew. @returns how many, without those that are queued already */
  reprocess(collectionId: string): Promise<number> {
    return this.database.transaction(async () => {
      const [row] = await this.database.query<{ queued: number }>(queueRevisions, [collectionId]);
      await this.announce();
      return row?.queued ?? 0;
    });
  }

  async fail({ documentId, token, replaces }: Attempt, error: { code: string; message: string }): Promise<void> {
    if (replaces) {
      const warning = { code: 'reprocessing_failed', message: `It stays as it was: ${error.message}` };
      await this.database.query(dropRevision, [documentId, token, JSON.stringify([warning])]);
      return;
    }
    await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'failed', error = $3, progress = NULL, ${noLease}, updated_at = now() WHERE id = $1 AND lease_token = $2`,
      [documentId, token, JSON.stringify(error)],
    );
  }

  /** Gives a document back as it was. */
  giveBack(attempt: Attempt): Promise<void> {
    return this.requeue(attempt, 'attempts = attempts - 1');
  }

  /** Gives it back for another attempt; this one counts. */
  retry(attempt: Attempt): Promise<void> {
    return this.requeue(attempt, 'attempts = attempts');
  }

  /** Gives it back for later, for a reason that is not in the document: the attempt does not count. */
  putOff(attempt: Attempt): Promise<void> {
    return this.requeue(attempt, `attempts = attempts - 1, pauses = pauses + 1, run_after = now() + ${pause}`);
  }

  private async requeue({ documentId, token }: Attempt, counting: string): Promise<void> {
    await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'queued', ${counting}, progress = NULL, ${noLease}, updated_at = now() WHERE id = $1 AND lease_token = $2`,
      [documentId, token],
    );
  }

  /** Renews the lease until the returned function is called; `onLost` when the document is another attempt's, or gone. */
  holdLease(attempt: Attempt, progress: { stage: string; share: number }, onLost: () => void): () => void {
    const beat = async () => {
      try {
        if (!(await this.renew(attempt, progress.stage, progress.share * 100))) onLost();
      } catch (error) {
        this.logger.warn({ err: error, document_id: attempt.documentId }, 'The lease of a document could not be renewed; the next beat tries again');
      }
    };
    const timer = setInterval(() => void beat(), renewMs);
    return () => clearInterval(timer);
  }

  /** What a killed predecessor had claimed: its files are queued again at once, its texts were never acknowledged. */
  async releaseOwn(): Promise<void> {
    await this.database.query((sql) => `DELETE FROM ${sql.table('documents')} WHERE lease_owner = $1 AND status = 'processing' AND file_path IS NULL AND ${noRevision}`, [this.owner]);
    await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'queued', progress = NULL, ${noLease}, updated_at = now() WHERE lease_owner = $1 AND status = 'processing'`,
      [this.owner],
    );
  }

  /** Texts whose request died with its process: nobody was told of them and nothing could finish them. */
  async removeAbandonedTexts(): Promise<void> {
    await this.database.query((sql) => `DELETE FROM ${sql.table('documents')} WHERE status = 'processing' AND file_path IS NULL AND ${noRevision} AND lease_until < now()`);
  }
}
