import { Injectable } from '@nestjs/common';
import type { PreparedChunk, PreparedDocument } from '#libs/ingestion';
import { appendToIndexLog } from '../../../platform/database/index-log.js';
import { notification, notifySql } from '../../../platform/events/cluster-event-bus.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { requireTenant } from '../../../platform/tenancy/tenant-context.js';
import { DocumentExistsError } from '../rag.errors.js';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { chunkParameters, insertChunks, insertVectors, vectorParameters } from './chunk-rows.sql.js';
import type { Attempt } from './document.queue.js';
import { putInPlace } from './document-revision.sql.js';

/** What a new document is known by before it is processed. */
export interface NewDocument {
  id: string;
  collectionId: string;
  title: string;
  source: string | undefined;
  mime: string | undefined;
  filename: string | undefined;
  bytes: number;
  contentHash: Buffer;
  metadata: Record<string, unknown>;
  filePath: string | undefined;
  taskId: string | undefined;
}

/** What may be changed of a document that is there. Its title is no part of it: each chunk's terms were made with it. */
export interface DocumentPatch {
  collectionId?: string;
  metadata?: Record<string, unknown>;
  /** Null: none. */
  source?: string | null;
}

/** A document with the same content. */
export interface ExistingDocument {
  id: string;
  chunkCount: number;
  taskId: string | null;
  status: 'queued' | 'processing' | 'ready';
  /** Of an uploaded file, as FileStore names it. */
  filePath: string | null;
}

/** The document was deleted, or is another attempt's by now: what this one makes is of no use. */
export class LeaseLostError extends Error {
  constructor(documentId: string) {
    super(`Document ${documentId} is not this attempt's any more`);
    this.name = 'LeaseLostError';
  }
}

/**
 * Writes what processing makes. Chunks are invisible until publish(): it sets the document ready and appends to the
 * index log in one transaction, so a kill at any moment leaves a document that is processed again, never half of one.
 * Each write of an attempt checks the lease in its own statement: an attempt that was overtaken adds nothing to its successor's.
 */
@Injectable()
export class DocumentWriter {
  constructor(private readonly database: TenantDatabase) {}

  /** Joins the caller's transaction, if there is one. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /**
   * Adds a document unless its content is in the collection already; a concurrent insert of the same content is waited for.
   * It is queued, or in processing at once when an attempt is named.
   * @returns the existing document, if there is one
   */
  async insert(document: NewDocument, attempt?: Attempt): Promise<ExistingDocument | undefined> {
    const inserted = await this.database.query(
      (sql) => `INSERT INTO ${sql.table('documents')} (id, collection_id, title, source, mime, filename, bytes, content_hash, metadata, file_path, task_id, status, lease_owner, lease_token, lease_until)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::uuid, CASE WHEN $14::uuid IS NOT NULL THEN now() + interval '60 seconds' END)
                ON CONFLICT DO NOTHING RETURNING id`,
      [
        document.id, document.collectionId, document.title, document.source ?? null, document.mime ?? null, document.filename ?? null, document.bytes,
        document.contentHash, JSON.stringify(document.metadata), document.filePath ?? null, document.taskId ?? null,
        attempt ? 'processing' : 'queued', attempt?.owner ?? null, attempt?.token ?? null,
      ],
    );
    if (inserted.length > 0) return undefined;
    // Deleted or failed between the two statements: the way is free now.
    return (await this.findSame(document)) ?? this.insert(document, attempt);
  }

  /** The document of the collection that has this content; one that failed does not count. */
  async findSame({ collectionId, contentHash }: Pick<NewDocument, 'collectionId' | 'contentHash'>): Promise<ExistingDocument | undefined> {
    const [existing] = await this.database.query<ExistingDocument>(
      (sql) => `SELECT id, chunk_count AS "chunkCount", task_id AS "taskId", status, file_path AS "filePath" FROM ${sql.table('documents')}
                WHERE collection_id = $1 AND content_hash = $2 AND status NOT IN ('failed', 'deleting')`,
      [collectionId, contentHash],
    );
    return existing;
  }

  /**
   * Queues a document that is not ready with the file of another upload of its content. An attempt that has it under way loses it.
   * @returns false when the document is not as it was found: look again
   */
  async replaceFile(existing: ExistingDocument, { filePath, filename, mime, bytes, taskId }: NewDocument): Promise<boolean> {
    const replaced = await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'queued', attempts = 0, run_after = now(), pauses = 0, progress = NULL, lease_owner = NULL, lease_token = NULL, lease_until = NULL,
                       file_path = $3, filename = $4, mime = $5, bytes = $6, task_id = COALESCE(task_id, $7), updated_at = now()
                WHERE id = $1 AND status IN ('queued', 'processing') AND file_path IS NOT DISTINCT FROM $2 RETURNING id`,
      [existing.id, existing.filePath, filePath ?? null, filename ?? null, mime ?? null, bytes, taskId ?? null],
    );
    return replaced.length > 0;
  }

  /** Forgets what an earlier attempt left behind. @throws LeaseLostError */
  async clear(attempt: Attempt): Promise<void> {
    await this.underLease(
      attempt,
      (sql) => `chunks_gone AS (DELETE FROM ${sql.table('chunks')} USING lease WHERE document_id = lease.id),
                content_gone AS (DELETE FROM ${sql.table('document_contents')} USING lease WHERE document_id = lease.id)`,
    );
  }

  /** @throws LeaseLostError */
  async writeDocument({ documentId, token }: Attempt, document: PreparedDocument, content: string): Promise<void> {
    const layout = { blocks: document.blockCount, metadata: document.metadata };
    const written = await this.database.query(
      (sql) => `WITH lease AS (UPDATE ${sql.table('documents')} SET title = COALESCE(NULLIF(title, ''), $3, filename, 'Untitled'), mime = $4, pages = $5, warnings = $6, analyser = $9, updated_at = now()
                               WHERE id = $1 AND lease_token = $2 RETURNING id)
                INSERT INTO ${sql.table('document_contents')} (document_id, content, layout) SELECT id, $7, $8::jsonb FROM lease RETURNING document_id`,
      [documentId, token, document.title ?? null, document.mime, document.pages ?? null, JSON.stringify(document.warnings), content, JSON.stringify(layout), document.analyser],
    );
    if (written.length === 0) throw new LeaseLostError(documentId);
  }

  /** @returns the embedding that searches compare vectors in @throws LeaseLostError */
  async writeChunks(attempt: Attempt, chunks: PreparedChunk[], vectors: (Float32Array | undefined)[], vectorSpace: string): Promise<string> {
    return (await this.underLease(attempt, insertChunks, chunkParameters(chunks, vectors, vectorSpace))) ?? vectorSpace;
  }

  /** Vectors of the attempt's chunks in one more embedding. @throws LeaseLostError */
  async addVectors(attempt: Attempt, chunks: PreparedChunk[], vectors: Float32Array[], vectorSpace: string): Promise<void> {
    await this.underLease(attempt, insertVectors, vectorParameters(chunks, vectors, vectorSpace));
  }

  /**
   * Writes on condition that the document is the attempt's, in one statement.
   * The lock is shared, so attempts that claim (FOR UPDATE SKIP LOCKED) or give back wait for a write that is under way.
   * @param writes CTEs that take the document's id from `lease`; parameters from $3
   * @returns the embedding that searches compared vectors in before; null while there was none
   */
  private async underLease({ documentId, token }: Attempt, writes: (sql: SchemaSql) => string, parameters: readonly unknown[] = []): Promise<string | null> {
    const [held] = await this.database.query<{ served: string | null }>(
      (sql) => `WITH lease AS (SELECT id FROM ${sql.table('documents')} WHERE id = $1 AND lease_token = $2 FOR SHARE), ${writes(sql)} SELECT (SELECT vector_space FROM ${sql.table('index_state')}) AS served FROM lease`,
      [documentId, token, ...parameters],
    );
    if (!held) throw new LeaseLostError(documentId);
    return held.served;
  }

  /**
   * Makes the document searchable.
   * @returns the `seq` of the index log that shows it
   * @throws LeaseLostError
   */
  async publish(attempt: Attempt, chunkCount: number): Promise<number> {
    return this.database.transaction(async (manager, sql) => {
      const key = attempt.replaces ? await putInPlace(manager, sql, attempt, chunkCount) : await this.setReady(attempt, chunkCount);
      if (key === undefined) throw new LeaseLostError(attempt.documentId);
      const seq = await appendToIndexLog(manager, [{ documentKey: key, operation: 'put' }]);
      await this.notifyIndexChanged(seq);
      return seq;
    });
  }

  /**
   * Changes what is said about a document; what is undefined stays.
   * @returns the `seq` from which searches show it, undefined when they do not find the document anyway; null when there is no such document
   * @throws DocumentExistsError when the other collection has the same content already
   */
  async update(id: string, { collectionId, metadata, source }: DocumentPatch): Promise<number | undefined | null> {
    return this.database.transaction(async (manager, sql) => {
      const [row] = await this.database
        .query<{ key: number; status: string }>(
          `UPDATE ${sql.table('documents')} SET collection_id = COALESCE($2, collection_id), metadata = COALESCE($3, metadata), source = CASE WHEN $4 THEN $5 ELSE source END, updated_at = now()
           WHERE id = $1 AND status <> 'deleting' RETURNING key, status`,
          [id, collectionId ?? null, metadata === undefined ? null : JSON.stringify(metadata), source !== undefined, source ?? null],
        )
        .catch((error: unknown) => {
          throw isDouble(error) ? new DocumentExistsError(id) : error;
        });
      if (!row) return null;
      if (row.status !== 'ready') return undefined;
      const seq = await appendToIndexLog(manager, [{ documentKey: row.key, operation: 'put' }]);
      await this.notifyIndexChanged(seq);
      return seq;
    });
  }

  private async setReady({ documentId, token }: Attempt, chunkCount: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ key: number }>(
      (sql) => `UPDATE ${sql.table('documents')} SET status = 'ready', chunk_count = $3, error = NULL, progress = NULL, lease_owner = NULL, lease_token = NULL, lease_until = NULL, updated_at = now()
                WHERE id = $1 AND lease_token = $2 RETURNING key`,
      [documentId, token, chunkCount],
    );
    return row?.key;
  }

  /** Takes back what an attempt began and nobody was told of. Nothing happens when the document is not the attempt's any more. */
  async abandon({ documentId, token }: Attempt): Promise<void> {
    await this.database.query((sql) => `DELETE FROM ${sql.table('documents')} WHERE id = $1 AND lease_token = $2`, [documentId, token]);
  }

  /** Deletes documents with every trace. @returns the files they leave and the `seq` from which searches no longer find them */
  async remove(ids: string[]): Promise<{ removed: string[]; filePaths: string[]; seq: number | undefined }> {
    return this.database.transaction(async (manager, sql) => {
      const rows = await this.database.query<{ id: string; key: number; filePath: string | null }>(
        `DELETE FROM ${sql.table('documents')} WHERE id = ANY($1::uuid[]) RETURNING id, key, file_path AS "filePath"`,
        [ids],
      );
      if (rows.length === 0) return { removed: [], filePaths: [], seq: undefined };
      const seq = await appendToIndexLog(manager, rows.map((row) => ({ documentKey: row.key, operation: 'remove' as const })));
      await this.notifyIndexChanged(seq);
      return { removed: rows.map((row) => row.id), filePaths: rows.flatMap((row) => row.filePath ?? []), seq };
    });
  }

  private async notifyIndexChanged(seq: number): Promise<void> {
    await this.database.query(notifySql, [notification('index.changed', { schema: requireTenant().schema, seq })]);
  }
}

/** The index `uq_documents_content` refuses it. */
function isDouble(error: unknown): boolean {
  const uniqueViolation = '23505';
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  return (code ?? driverError?.code) === uniqueViolation;
}
