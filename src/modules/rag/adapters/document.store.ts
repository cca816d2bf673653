import { Injectable } from '@nestjs/common';
import { analyserVersion } from '#libs/ingestion';
import { limitOf, toPage, type Page, type PageStart } from '../../../platform/database/page.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { noRevision } from './document-revision.sql.js';
import { DocumentNotFoundError } from '../rag.errors.js';
import type { ChunkView, DocumentFilter, DocumentView } from '../rag.types.js';

const columns = `d.id, d.key, c.name AS collection, d.title, d.source, d.mime, d.filename, d.bytes, d.pages, d.chunk_count AS "chunkCount", d.status,
  d.error, d.warnings, d.metadata, d.task_id AS "taskId", d.analyser, d.progress, d.created_at AS "createdAt", d.updated_at AS "updatedAt"`;

/** More than any document has; keeps positions within PostgreSQL's int. */
const longestContent = 1_000_000_000;

export interface DocumentTotals {
  documents: number;
  /** Ready ones whose terms were made by another analysis than the present one. */
  outdated: number;
  chunks: number;
  bytes: number;
  byStatus: Record<string, number>;
}

/** Reading documents; DocumentWriter changes them. */
@Injectable()
export class DocumentStore {
  constructor(private readonly database: TenantDatabase) {}

  async get(id: string): Promise<DocumentView> {
    const [document] = await this.getMany([id]);
    if (!document) throw new DocumentNotFoundError(id);
    return document;
  }

  getMany(ids: string[]): Promise<DocumentView[]> {
    return this.database.query<DocumentView>((sql) => `SELECT ${columns} ${from(sql)} WHERE d.id = ANY($1::uuid[]) AND d.status <> 'deleting' AND d.${noRevision}`, [ids]);
  }

  /** Newest first; cursors are ids. */
  async list(filter: DocumentFilter, start: PageStart): Promise<Page<DocumentView>> {
    const parameters: unknown[] = [];
    const add = (value: unknown) => `$${parameters.push(value)}`;
    const conditions = [`d.status <> 'deleting'`, `d.${noRevision}`];
    if (filter.status) conditions.push(`d.status = ${add(filter.status)}`);
    if (filter.analyser) conditions.push(`d.analyser IS ${filter.analyser === 'current' ? 'NOT ' : ''}DISTINCT FROM ${add(analyserVersion())} AND d.status = 'ready'`);
    if (filter.collection) {
      const named = add(filter.collection);
      conditions.push(`(c.name = ${named} OR c.id::text = lower(${named}))`);
    }
    if (filter.q) {
      const pattern = add(`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`);
      conditions.push(`(d.title ILIKE ${pattern} OR d.source ILIKE ${pattern} OR d.filename ILIKE ${pattern})`);
    }
    const where = `WHERE ${conditions.join(' AND ')}`;
    const [counted] = await this.database.query<{ total: number }>((sql) => `SELECT count(*)::int AS total ${from(sql)} ${where}`, parameters);
    const after = start.cursor === undefined ? '' : `AND d.id < ${add(start.cursor)}`;
    const rows = await this.database.query<DocumentView>((sql) => `SELECT ${columns} ${from(sql)} ${where} ${after} ORDER BY d.id DESC ${limitOf(start)}`, parameters);
    return toPage(rows, counted?.total ?? 0, start, ({ id }) => id);
  }

  /** Cursors are ordinals. @param total how many the document has */
  async chunks(documentId: string, total: number, start: PageStart): Promise<Page<ChunkView>> {
    const rows = await this.database.query<ChunkView>(
      (sql) => `SELECT id, ordinal, start_offset AS start, end_offset AS "end", page, headings, text, token_count AS "tokenCount"
                FROM ${sql.table('chunks')} WHERE document_id = $1 AND ordinal > $2 ORDER BY ordinal ${limitOf(start)}`,
      [documentId, start.cursor ?? -1],
    );
    return toPage(rows, total, start, ({ ordinal }) => String(ordinal));
  }

  async content(documentId: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ content: string }>((sql) => `SELECT content FROM ${sql.table('document_contents')} WHERE document_id = $1`, [documentId]);
    return row?.content;
  }

  /** What the document was made from: its file, unless it was a text, and the SHA-256 of it. */
  async origin(documentId: string): Promise<{ filePath: string | null; contentHash: Buffer | null } | undefined> {
    const [row] = await this.database.query<{ filePath: string | null; contentHash: Buffer | null }>(
      (sql) => `SELECT file_path AS "filePath", content_hash AS "contentHash" FROM ${sql.table('documents')} WHERE id = $1 AND status <> 'deleting'`,
      [documentId],
    );
    return row;
  }

  async excerpt(documentId: string, start: number, length: number): Promise<{ text: string; total: number } | undefined> {
    const [row] = await this.database.query<{ text: string; total: number }>(
      (sql) => `SELECT substring(content FROM $2::int + 1 FOR $3::int) AS text, char_length(content) AS total FROM ${sql.table('document_contents')} WHERE document_id = $1`,
      [documentId, Math.min(start, longestContent), length],
    );
    return row;
  }

  /** Keys of the documents that match a condition on `d.metadata`. */
  async keysWhere(condition: string, parameters: unknown[]): Promise<number[]> {
    const rows = await this.database.query<{ key: number }>((sql) => `SELECT d.key FROM ${sql.table('documents')} d WHERE d.status = 'ready' AND ${condition}`, parameters);
    return rows.map((row) => row.key);
  }

  /** Those of the names that documents still stand for. */
  async namedFiles(names: string[]): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>((sql) => `SELECT file_path AS name FROM ${sql.table('documents')} WHERE file_path = ANY($1::text[])`, [names]);
    return rows.map(({ name }) => name);
  }

  async totals(): Promise<DocumentTotals> {
    const rows = await this.database.query<{ status: string; documents: number; outdated: number; chunks: number; bytes: number }>(
      (sql) => `SELECT status, count(*)::int AS documents, COALESCE(sum(chunk_count), 0)::int AS chunks, COALESCE(sum(bytes), 0)::float8 AS bytes,
                       count(*) FILTER (WHERE status = 'ready' AND analyser IS DISTINCT FROM $1)::int AS outdated
                FROM ${sql.table('documents')} WHERE status <> 'deleting' AND ${noRevision} GROUP BY status`,
      [analyserVersion()],
    );
    const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0);
    return {
      documents: sum((row) => row.documents), outdated: sum((row) => row.outdated), chunks: sum((row) => row.chunks), bytes: sum((row) => row.bytes),
      byStatus: Object.fromEntries(rows.map((row) => [row.status, row.documents])),
    };
  }
}

function from(sql: SchemaSql): string {
  return `FROM ${sql.table('documents')} d JOIN ${sql.table('collections')} c ON c.id = d.collection_id`;
}
