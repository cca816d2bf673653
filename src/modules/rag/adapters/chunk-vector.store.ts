import { Injectable } from '@nestjs/common';
import { appendToIndexLog, lockIndexLog, type IndexChange } from '../../../platform/database/index-log.js';
import { notification, notifySql } from '../../../platform/events/cluster-event-bus.js';
import { ProcessSlot } from '../../../platform/storage/process-slot.js';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { requireTenant } from '../../../platform/tenancy/tenant-context.js';
import type { Reembedding } from '../rag.types.js';
import { packVectors } from './vector-bytes.js';

/** Longer than a batch takes with all its attempts; a process that dies leaves the work to another one after this time. */
const lease = `interval '5 minutes'`;
/** Vectors of a former embedding are kept so long after the switch: going back costs nothing until then. */
const keptAfterSwitch = `interval '1 hour'`;
const rowsPerDelete = 5_000;

export interface BareChunk {
  key: number;
  documentKey: number;
  title: string;
  headings: string[];
  text: string;
}

/** The vectors of a tenant's chunks, and the change from one embedding to another. One process at a time works on a tenant; its lease is in index_state. */
@Injectable()
export class ChunkVectorStore {
  constructor(
    private readonly database: TenantDatabase,
    private readonly slot: ProcessSlot,
  ) {}

  /**
   * Whether searches compare in another space, or searchable chunks lack a vector of this one. Chunks become searchable and spaces change
   * with a row of the index log, so what was complete at a `seq` is complete but for the documents of the rows since.
   */
  async isBehind(space: string): Promise<boolean> {
    const [state] = await this.database.query<{ served: string | null; since: number | null; last: number }>(
      (sql) => `SELECT vector_space AS served, COALESCE((SELECT max(seq) FROM ${sql.table('index_log')}), trimmed_through)::float8 AS last,
                  CASE WHEN embedded_through >= trimmed_through AND NOT EXISTS (SELECT 1 FROM ${sql.table('index_log')} WHERE seq > embedded_through AND operation = 'switch') THEN embedded_through::float8 END AS since
                FROM ${sql.table('index_state')}`,
    );
    if (!state?.served) return false;
    if (state.served !== space) return true;
    if (state.since === state.last) return false;
    if (await this.lacksVectors(space, state.since)) return true;
    await this.database.query((sql) => `UPDATE ${sql.table('index_state')} SET embedded_through = $2 WHERE vector_space = $1`, [space, state.last]);
    return false;
  }

  /**
   * Takes the work for this process.
   * @returns whether it is only now begun, and the space that searches compare in; undefined while another process works
   */
  async claim(space: string): Promise<{ begun: boolean; served: string | null; failures: number } | undefined> {
    const [claimed] = await this.database.query<{ begun: boolean; served: string | null; failures: number }>(
      (sql) => `WITH before AS (SELECT reembedding FROM ${sql.table('index_state')})
                UPDATE ${sql.table('index_state')} s SET lease_owner = $2, lease_until = now() + ${lease},
                  reembedding = CASE WHEN s.reembedding->>'space' = $1 THEN s.reembedding ELSE jsonb_build_object('space', $1::text, 'startedAt', now()) END
                FROM before WHERE s.lease_until IS NULL OR s.lease_until < now() OR s.lease_owner = $2
                RETURNING (before.reembedding->>'space') IS DISTINCT FROM $1 AS begun, s.vector_space AS served, COALESCE((before.reembedding->>'failures')::int, 0) AS failures`,
      [space, this.slot.id],
    );
    return claimed;
  }

  /** Searchable chunks without a vector of the space, in the order of their keys. */
  missing(space: string, after: number, limit: number): Promise<BareChunk[]> {
    return this.database.query<BareChunk>(
      (sql) => `SELECT ch.key::float8 AS key, d.key AS "documentKey", d.title, ch.headings, ch.text FROM ${sql.table('chunks')} ch JOIN ${sql.table('documents')} d ON d.id = ch.document_id
                WHERE d.status = 'ready' AND ch.key > $2 AND ${isBare(sql)} ORDER BY ch.key LIMIT $3`,
      [space, after, limit],
    );
  }

  /**
   * Stores vectors; chunks that were deleted meanwhile are left out. Where searches compare in this space already, they see them at once.
   * @returns false when the work is another process's by now
   */
  async add(space: string, chunks: readonly BareChunk[], vectors: readonly Float32Array[]): Promise<boolean> {
    const { bytes, size, at } = packVectors(vectors);
    return this.database.transaction(async (manager, sql) => {
      await this.database.query(
        `WITH present AS (SELECT key FROM ${sql.table('chunks')} WHERE key = ANY($2::bigint[]) FOR KEY SHARE)
         INSERT INTO ${sql.table('chunk_vectors')} (chunk_key, space, vector)
         SELECT key, $1, substr($3::bytea, at, $5) FROM unnest($2::bigint[], $4::int[]) AS row (key, at) JOIN present USING (key) ON CONFLICT DO NOTHING`,
        [space, chunks.map(({ key }) => key), bytes, at, size],
      );
      const held = await this.database.query<{ served: boolean }>(
        `UPDATE ${sql.table('index_state')} SET lease_until = now() + ${lease}, reembedding = reembedding - 'error' - 'failures' - 'retryAt' WHERE lease_owner = $2 RETURNING vector_space = $1 AS served`,
        [space, this.slot.id],
      );
      const documents = [...new Set(chunks.map(({ documentKey }) => documentKey))];
      if (held[0]?.served) await this.tell(await appendToIndexLog(manager, documents.map((documentKey): IndexChange => ({ documentKey, operation: 'put' }))));
      return held.length > 0;
    });
  }

  /** Searches move to the space, if every searchable chunk has its vector. @returns whether they have */
  finish(space: string): Promise<boolean> {
    return this.database.transaction(async (manager, sql) => {
      // No document becomes searchable before the commit.
      await lockIndexLog(manager);
      if (await this.lacksVectors(space, null)) return false;
      const [state] = await this.database.query<{ served: boolean }>(`SELECT vector_space = $1 AS served FROM ${sql.table('index_state')}`, [space]);
      await this.database.query(
        `UPDATE ${sql.table('index_state')} SET vector_space = $1::varchar, switched_at = CASE WHEN vector_space = $1::varchar THEN switched_at ELSE now() END, reembedding = NULL, lease_owner = NULL, lease_until = NULL`,
        [space],
      );
      if (!state?.served) await this.tell(await appendToIndexLog(manager, [{ documentKey: 0, operation: 'switch' }]));
      return true;
    });
  }

  /** Gives the work back; with a failure, which readers of the statistics are told. */
  async release(failure?: { message: string; failures: number; retryAt: Date }): Promise<void> {
    const told = failure ? { error: failure.message, failures: failure.failures, retryAt: failure.retryAt.toISOString() } : {};
    await this.database.query((sql) => `UPDATE ${sql.table('index_state')} SET lease_owner = NULL, lease_until = NULL, reembedding = reembedding || $2::jsonb WHERE lease_owner = $1`, [this.slot.id, JSON.stringify(told)]);
  }

  /** What is under way; undefined when nothing is. */
  async progress(): Promise<Reembedding | undefined> {
    const [row] = await this.database.query<{ state: Pick<Reembedding, 'space' | 'startedAt' | 'error' | 'retryAt'>; done: number; total: number }>(
      (sql) => `SELECT reembedding AS state, count(ch.key)::int AS total, count(v.chunk_key)::int AS done FROM ${sql.table('index_state')} s
                LEFT JOIN ${sql.table('documents')} d ON d.status = 'ready' LEFT JOIN ${sql.table('chunks')} ch ON ch.document_id = d.id
                LEFT JOIN ${sql.table('chunk_vectors')} v ON v.chunk_key = ch.key AND v.space = s.reembedding->>'space'
                WHERE s.reembedding IS NOT NULL GROUP BY reembedding`,
    );
    return row && { ...row.state, done: row.done, total: row.total };
  }

  /** Nothing is left to do for the space: a change that was called off is forgotten, and vectors of other spaces go, but for a while after the switch. */
  async tidy(space: string): Promise<void> {
    await this.database.query((sql) => `UPDATE ${sql.table('index_state')} SET reembedding = NULL WHERE vector_space = $1 AND reembedding IS NOT NULL AND lease_owner IS NULL`, [space]);
    for (;;) {
      const gone = await this.database.query(
        // By their keys, which the index tells: there are hardly ever any, and the table is large.
        (sql) => `DELETE FROM ${sql.table('chunk_vectors')} WHERE (chunk_key, space) IN (
                    SELECT v.chunk_key, v.space FROM ${sql.table('index_state')} s, ${sql.table('chunk_vectors')} v
                    WHERE v.space <> $1 AND s.vector_space = $1 AND s.reembedding IS NULL AND (s.switched_at IS NULL OR s.switched_at < now() - ${keptAfterSwitch}) LIMIT ${rowsPerDelete}) RETURNING chunk_key`,
        [space],
      );
      if (gone.length < rowsPerDelete) return;
    }
  }

  /**
   * Whether searchable chunks have no vector of the space: of all documents, or of those that the log names after `since`.
   * All are compared by the two indexes of their keys; only chunks without a vector, which are few or the answer, are read themselves.
   */
  private async lacksVectors(space: string, since: number | null): Promise<boolean> {
    const [row] = await this.database.query<{ some: boolean }>((sql) => {
      const [chunks, documents, log] = [sql.table('chunks'), sql.table('documents'), sql.table('index_log')];
      const of = since === null ? '' : `ch.document_id IN (SELECT d.id FROM ${documents} d JOIN ${log} l ON l.document_key = d.key WHERE l.seq > $2) AND`;
      return `WITH bare AS MATERIALIZED (SELECT ch.key FROM ${chunks} ch WHERE ${of} ${isBare(sql)})
              SELECT EXISTS (SELECT 1 FROM bare JOIN ${chunks} ch USING (key) JOIN ${documents} d ON d.id = ch.document_id WHERE d.status = 'ready') AS some`;
    }, since === null ? [space] : [space, since]);
    return row?.some ?? false;
  }

  private async tell(seq: number): Promise<void> {
    await this.database.query(notifySql, [notification('index.changed', { schema: requireTenant().schema, seq })]);
  }
}

/** Whether the chunk `ch` has no vector of the space $1. */
function isBare(sql: SchemaSql): string {
  return `NOT EXISTS (SELECT 1 FROM ${sql.table('chunk_vectors')} v WHERE v.chunk_key = ch.key AND v.space = $1)`;
}
