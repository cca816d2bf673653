import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';

/** A chunk with what a reader of search results wants to know of its document. */
export interface FoundChunk {
  key: number;
  chunkId: string;
  documentId: string;
  title: string;
  text: string;
  headings: string[];
  page: number | null;
  start: number;
  end: number;
  metadata: Record<string, unknown>;
}

@Injectable()
export class ChunkStore {
  constructor(private readonly database: TenantDatabase) {}

  /** By the keys that the index gives; one statement. Chunks that were deleted meanwhile are absent. */
  async byKeys(keys: number[]): Promise<Map<number, FoundChunk>> {
    const rows = await this.database.query<FoundChunk>(
      (sql) => `SELECT ch.key::float8 AS key, ch.id AS "chunkId", d.id AS "documentId", d.title, ch.text, ch.headings, ch.page, ch.start_offset AS start, ch.end_offset AS "end", d.metadata
                FROM ${sql.table('chunks')} ch JOIN ${sql.table('documents')} d ON d.id = ch.document_id
                WHERE ch.key = ANY($1::bigint[]) AND d.status = 'ready'`,
      [keys],
    );
    return new Map(rows.map((row) => [row.key, row]));
  }

  /** Texts by the ids of chunks; those that are gone are absent. */
  async texts(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<{ id: string; text: string }>((sql) => `SELECT id, text FROM ${sql.table('chunks')} WHERE id = ANY($1::uuid[])`, [ids]);
    return new Map(rows.map(({ id, text }) => [id, text]));
  }
}
