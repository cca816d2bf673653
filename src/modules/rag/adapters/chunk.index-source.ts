import { Injectable, OnModuleInit } from '@nestjs/common';
import type { ChunkEntry } from '#libs/index-replica';
import { fromTsvector } from '#libs/ingestion';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { IndexService } from '../../search/index.service.js';
import { IndexSource, type IndexBounds, type IndexLogRow, type SourceDocument } from '../../search/index-source.js';
import { unpackVector } from './vector-bytes.js';

/** Chunks a read: about 3 kB each. */
const chunksPerRead = 500;
const documentsPerRead = 2_000;
/** Of a row of the log; whole microseconds, which a double holds exactly. */
const mark = '(EXTRACT(EPOCH FROM created_at) * 1000000)::float8';

interface DocumentRow {
  key: number;
  collection: number;
  chunks: number;
}

interface ChunkRow {
  document: number;
  key: number;
  tokens: string;
  vector: Buffer | null;
}

interface SourceChunk extends ChunkEntry {
  document: number;
}

/** Feeds the index replicas from the tenant's tables. */
@Injectable()
export class ChunkIndexSource extends IndexSource implements OnModuleInit {
  constructor(
    private readonly database: TenantDatabase,
    private readonly index: IndexService,
  ) {
    super();
  }

  onModuleInit(): void {
    this.index.registerSource(this);
  }

  async bounds(): Promise<IndexBounds> {
    const [row] = await this.database.query<Omit<IndexBounds, 'vectorSpace'> & { vectorSpace: string | null }>(
      (sql) => `SELECT COALESCE(newest.seq, trimmed_through)::float8 AS last, COALESCE(${mark}, 0) AS "lastMark", trimmed_through::float8 AS "trimmedThrough", vector_space AS "vectorSpace"
                FROM ${sql.table('index_state')} LEFT JOIN (SELECT seq, created_at FROM ${sql.table('index_log')} ORDER BY seq DESC LIMIT 1) newest ON true`,
    );
    return { last: row?.last ?? 0, lastMark: row?.lastMark ?? 0, trimmedThrough: row?.trimmedThrough ?? 0, vectorSpace: row?.vectorSpace ?? undefined };
  }

  changesFrom(seq: number, limit: number): Promise<IndexLogRow[]> {
    return this.database.query<IndexLogRow>(
      (sql) => `SELECT seq::float8 AS seq, ${mark} AS mark, document_key AS document, operation FROM ${sql.table('index_log')} WHERE seq >= $1 ORDER BY seq LIMIT $2`,
      [seq, limit],
    );
  }

  async *load(documents: number[], vectorSpace: string): AsyncIterable<SourceDocument> {
    const rows = await this.documents('d.key = ANY($1::int[])', [documents]);
    yield* this.entries(rows, vectorSpace);
  }

  async *loadAll(vectorSpace: string): AsyncIterable<SourceDocument> {
    for (let after = 0; ; ) {
      const rows = await this.documents(`d.key > $1 ORDER BY d.key LIMIT ${documentsPerRead}`, [after]);
      yield* this.entries(rows, vectorSpace);
      const last = rows.at(-1);
      if (!last) return;
      after = last.key;
    }
  }

  private documents(condition: string, parameters: unknown[]): Promise<DocumentRow[]> {
    return this.database.query<DocumentRow>(
      (sql) => `SELECT d.key, c.key AS collection, d.chunk_count AS chunks FROM ${sql.table('documents')} d JOIN ${sql.table('collections')} c ON c.id = d.collection_id
                WHERE d.status = 'ready' AND ${condition}`,
      parameters,
    );
  }

  private async *entries(documents: DocumentRow[], vectorSpace: string): AsyncIterable<SourceDocument> {
    for (const group of groupBySize(documents)) {
      const [first] = group;
      if (first && first.chunks > chunksPerRead) yield { document: first.key, collection: first.collection, chunks: this.chunksOf([first.key], vectorSpace) };
      else yield* this.together(group, vectorSpace);
    }
  }

  private async *together(group: DocumentRow[], vectorSpace: string): AsyncIterable<SourceDocument> {
    const chunks = new Map<number, SourceChunk[]>(group.map(({ key }) => [key, []]));
    for await (const chunk of this.chunksOf([...chunks.keys()], vectorSpace)) chunks.get(chunk.document)?.push(chunk);
    for (const { key, collection } of group) yield { document: key, collection, chunks: chunks.get(key) ?? [] };
  }

  private async *chunksOf(documents: number[], vectorSpace: string): AsyncIterable<SourceChunk> {
    for (let after = 0; ; ) {
      const rows = await this.database.query<ChunkRow>(
        (sql) => `SELECT d.key AS document, ch.key::float8 AS key, ch.tokens::text AS tokens, v.vector
                  FROM ${sql.table('chunks')} ch JOIN ${sql.table('documents')} d ON d.id = ch.document_id
                  LEFT JOIN ${sql.table('chunk_vectors')} v ON v.chunk_key = ch.key AND v.space = $3
                  WHERE d.key = ANY($1::int[]) AND ch.key > $2 ORDER BY ch.key LIMIT ${chunksPerRead}`,
        [documents, after, vectorSpace],
      );
      for (const row of rows) yield { document: row.document, key: row.key, terms: fromTsvector(row.tokens), vector: row.vector && unpackVector(row.vector) };
      const last = rows.at(-1);
      if (!last || rows.length < chunksPerRead) return;
      after = last.key;
    }
  }
}

/** Documents that are read together: many small ones, or one large one. */
function* groupBySize(documents: DocumentRow[]): Generator<DocumentRow[]> {
  let group: DocumentRow[] = [];
  let chunks = 0;
  for (const document of documents) {
    if (group.length > 0 && chunks + document.chunks > chunksPerRead) {
      yield group;
      group = [];
      chunks = 0;
    }
    group.push(document);
    chunks += document.chunks;
  }
  if (group.length > 0) yield group;
}
