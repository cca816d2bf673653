import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { PreparedChunk, PreparedDocument } from '#libs/ingestion';
import { appendToIndexLog } from '../../../platform/database/index-log.js';
import { notification, notifySql } from '../../../platform/events/cluster-event-bus.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { requireTenant } from '../../../platform/tenancy/tenant-context.js';

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

/** A document with the same content. */
export interface ExistingDocument {
  id: string;
  chunkCount: number;
  taskId: string | null;
  status: 'queued' | 'processing' | 'ready';
}

/** The document was deleted, or given to another process, while this one worked on it. */
export class LeaseLostError extends Error {
  constructor(documentId: string) {
    super(`Document ${documentId} is not this process's any more`);
    this.name = 'LeaseLostError';
  }
}

/**
 * Writes what processing makes. Chunks are invisible until publish(): it sets the document ready and appends to the
 * index log in one transaction, so a kill at any moment leaves a document that is processed again, never half of one.
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
   * @returns the existing document, if there is one
   */
  async insert(document: NewDocument, status: 'queued' | 'processing', leaseOwner?: string): Promise<ExistingDocument | undefined> {
    const inserted = await this.database.query(
      (sql) => `INSERT INTO ${sql.table('documents')} (id, collection_id, title, source, mime, filename, bytes, content_hash, metadata, file_path, task_id, status, lease_owner, lease_until)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::varchar, $13, CASE WHEN $12::varchar = 'processing' THEN now() + interval '60 seconds' END)
                ON CONFLICT DO NOTHING RETURNING id`,
      [
        document.id, document.collectionId, document.title, document.source ?? null, document.mime ?? null, document.filename ?? null, document.bytes,
        document.contentHash, JSON.stringify(document.metadata), document.filePath ?? null, document.taskId ?? null, status, leaseOwner ?? null,
      ],
    );
    if (inserted.length > 0) return undefined;
    const [existing] = await this.database.query<ExistingDocument>(
      (sql) => `SELECT id, chunk_count AS "chunkCount", task_id AS "taskId", status FROM ${sql.table('documents')}
                WHERE collection_id = $1 AND content_hash = $2 AND status NOT IN ('failed', 'deleting')`,
      [document.collectionId, document.contentHash],
    );
    // Deleted or failed between the two statements: the way is free now.
    return existing ?? this.insert(document, status, leaseOwner);
  }

  /** Forgets what an attempt that died left behind. */
  async clear(documentId: string): Promise<void> {
    await this.database.query((sql) => `DELETE FROM ${sql.table('chunks')} WHERE document_id = $1`, [documentId]);
    await this.database.query((sql) => `DELETE FROM ${sql.table('document_contents')} WHERE document_id = $1`, [documentId]);
  }

  async writeDocument(documentId: string, document: PreparedDocument, content: string): Promise<void> {
    const layout = { blocks: document.blockCount, metadata: document.metadata };
    await this.database.query((sql) => `INSERT INTO ${sql.table('document_contents')} (document_id, content, layout) VALUES ($1, $2, $3)`, [documentId, content, JSON.stringify(layout)]);
    await this.database.query(
      (sql) => `UPDATE ${sql.table('documents')} SET title = COALESCE(NULLIF(title, ''), $2, filename, 'Untitled'), mime = $3, pages = $4, warnings = $5, updated_at = now() WHERE id = $1`,
      [documentId, document.title ?? null, document.mime, document.pages ?? null, JSON.stringify(document.warnings)],
    );
  }

  async writeChunks(documentId: string, chunks: PreparedChunk[], vectors: (Float32Array | undefined)[], vectorSpace: string): Promise<void> {
    const column = <T>(pick: (chunk: PreparedChunk) => T): T[] => chunks.map(pick);
    const packed = packVectors(vectors);
    await this.database.query(
      (sql) => `INSERT INTO ${sql.table('chunks')} (id, document_id, ordinal, start_offset, end_offset, page, headings, text, token_count, tokens, vector, vector_space)
                SELECT id, $1, ordinal, s, e, page, ARRAY(SELECT jsonb_array_elements_text(headings)), text, token_count, tokens, substr($12::bytea, vector_at, $13), CASE WHEN vector_at IS NOT NULL THEN $14 END
                FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[], $7::jsonb[], $8::text[], $9::int[], $10::tsvector[], $11::int[])
                  AS row (id, ordinal, s, e, page, headings, text, token_count, tokens, vector_at)`,
      [
        documentId,
        column(() => uuidv7()),
        column((chunk) => chunk.ordinal),
        column((chunk) => chunk.start),
        column((chunk) => chunk.end),
        column((chunk) => chunk.page ?? null),
        column((chunk) => JSON.stringify(chunk.headings)),
        column((chunk) => chunk.text),
        column((chunk) => chunk.tokenCount),
        column((chunk) => chunk.tokens),
        packed.at,
        packed.bytes,
        packed.size,
        vectorSpace,
      ],
    );
  }

  /**
   * Makes the document searchable.
   * @returns the `seq` of the index log that shows it
   * @throws LeaseLostError
   */
  async publish(documentId: string, leaseOwner: string, chunkCount: number): Promise<number> {
    return this.database.transaction(async (manager, sql) => {
      const rows = await this.database.query<{ key: number }>(
        `UPDATE ${sql.table('documents')} SET status = 'ready', chunk_count = $3, error = NULL, progress = NULL, lease_owner = NULL, lease_until = NULL, updated_at = now()
         WHERE id = $1 AND lease_owner = $2 AND status = 'processing' RETURNING key`,
        [documentId, leaseOwner, chunkCount],
      );
      const [row] = rows;
      if (!row) throw new LeaseLostError(documentId);
      const seq = await appendToIndexLog(manager, [{ documentKey: row.key, operation: 'put' }]);
      await this.notifyIndexChanged(seq);
      return seq;
    });
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

/**
 * All vectors in one value, which travels as it is; an array of them would travel as hexadecimal text.
 * @returns little-endian float32, the bytes of one vector, and where each begins, from 1; null for a chunk without a vector
 */
function packVectors(vectors: (Float32Array | undefined)[]): { bytes: Buffer; size: number; at: (number | null)[] } {
  const size = (vectors.find((vector) => vector !== undefined)?.length ?? 0) * Float32Array.BYTES_PER_ELEMENT;
  const parts: Buffer[] = [];
  const at = vectors.map((vector) => {
    if (!vector) return null;
    return parts.push(Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)) * size - size + 1;
  });
  return { bytes: Buffer.concat(parts), size, at };
}
