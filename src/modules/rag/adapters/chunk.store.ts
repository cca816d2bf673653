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

  /** By the keys that the index gives at `seq`; one statement, planned anew whenever the log has grown fourfold. Chunks that were deleted meanwhile are absent. */
  async byKeys(keys: number[], seq: number): Promise<Map<number, FoundChunk>> {
    const rows = await this.database.queryPrepared<FoundChunk>(
      `passages ${Math.floor(Math.log2(seq + 1) / 2)}`,
      // The chunks first: on tables that PostgreSQL has not analysed yet it would walk through all chunks of all documents.
      (sql) => `WITH ch AS MATERIALIZED (SELECT key, id, document_id, text, headings, page, start_offset, end_offset FROM ${sql.table('chunks')} WHERE key = ANY($1::bigint[]))
                SELECT ch.key::float8 AS key, ch.id AS "chunkId", d.id AS "documentId", d.title, ch.text, ch.headings, ch.page, ch.start_offset AS start, ch.end_offset AS "end", d.metadata
                FROM ch JOIN ${sql.table('documents')} d ON d.id = ch.document_id WHERE d.status = 'ready'`,
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
