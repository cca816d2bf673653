import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { raiseErased } from './memory-version.sql.js';

/** Rows that one statement takes: no lock is held for long. */
const batch = 1_000;

/** What is no user's business: clearing away, and vectors of another embedding. */
@Injectable()
export class MemoryUpkeepStore {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Expired memories go, forgotten ones `keptDays` after that, and receipts after a day. Whoever holds a copy of their users' memories is
   * told to read it anew: of a row that is gone no other change tells.
   * @returns memories that went
   */
  async sweep(keptDays: number): Promise<number> {
    await this.database.query((sql) => `DELETE FROM ${sql.table('memory_events')} WHERE created_at < now() - interval '1 day'`);
    const due = (row: string) => `(${row}.expires_at <= now() OR ${row}.deleted_at <= now() - make_interval(days => $1))`;
    let gone = 0;
    for (;;) {
      const rows = await this.database.query(
        (sql) => `WITH due AS (SELECT d.id, d.owner_id, d.user_id FROM ${sql.table('memories')} d WHERE ${due('d')} LIMIT ${batch}),
                       risen AS (${raiseErased(sql, '(owner_id, user_id) IN (SELECT owner_id, user_id FROM due)')} RETURNING v.owner_id, v.user_id)
                  DELETE FROM ${sql.table('memories')} m USING risen
                  WHERE m.owner_id = risen.owner_id AND m.user_id = risen.user_id AND m.id IN (SELECT id FROM due) AND ${due('m')} RETURNING m.id`,
        [keptDays],
      );
      gone += rows.length;
      if (rows.length < batch) return gone;
    }
  }

  /** Memories without a vector of the space, newest first, from the one before `before` on. */
  withoutVector(vectorSpace: string, limit: number, before?: string): Promise<{ id: string; text: string }[]> {
    return this.database.query(
      (sql) => `SELECT id, text FROM ${sql.table('memories')} WHERE deleted_at IS NULL AND vector_space IS DISTINCT FROM $1 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $2`,
      [vectorSpace, limit, before ?? null],
    );
  }

  /** Only if the text is still the one that was embedded. */
  async addVector({ id, text }: { id: string; text: string }, vector: Float32Array, vectorSpace: string): Promise<void> {
    await this.database.query(
      // The version first, as every writer does: two that wait for each other's rows would never end.
      (sql) => `WITH risen AS (UPDATE ${sql.table('memory_versions')} v SET version = v.version + 1 FROM ${sql.table('memories')} m
                               WHERE m.id = $1 AND m.text = $2 AND v.owner_id = m.owner_id AND v.user_id = m.user_id RETURNING v.version)
                UPDATE ${sql.table('memories')} SET vector = $3, vector_space = $4, version = risen.version FROM risen WHERE id = $1 AND text = $2`,
      [id, text, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength), vectorSpace],
    );
  }
}
