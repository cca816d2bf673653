import { Injectable } from '@nestjs/common';
import { storableJson } from '../../../platform/database/json.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import type { MemoryChange } from '../memory.types.js';

/** What clients of mem0 ask for beside memories. */
@Injectable()
export class Mem0ClientStore {
  constructor(private readonly database: TenantDatabase) {}

  async addReceipt(id: string, ownerId: string, results: readonly MemoryChange[]): Promise<void> {
    await this.database.query((sql) => `INSERT INTO ${sql.table('memory_events')} (id, owner_id, results) VALUES ($1, $2, $3)`, [id, ownerId, storableJson([...results])]);
  }

  async receipt(id: string, ownerId: string): Promise<{ results: MemoryChange[]; createdAt: Date } | undefined> {
    const [row] = await this.database.query<{ results: MemoryChange[]; createdAt: Date }>(
      (sql) => `SELECT results, created_at AS "createdAt" FROM ${sql.table('memory_events')} WHERE id = $1 AND owner_id = $2`,
      [id, ownerId],
    );
    return row;
  }

  /** @returns whether the memory is the owner's */
  async judge(id: string, ownerId: string, feedback: Record<string, unknown>): Promise<boolean> {
    const rows = await this.database.query((sql) => `UPDATE ${sql.table('memories')} SET feedback = $3 WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL RETURNING id`, [id, ownerId, storableJson(feedback)]);
    return rows.length > 0;
  }

  /** Whom the owner has memories of. */
  entities(ownerId: string): Promise<{ type: string; name: string; memories: number; createdAt: Date; updatedAt: Date }[]> {
    const of = (type: string, table: string) => `SELECT '${type}' AS type, ${type}_id AS name, count(*)::int AS memories, min(created_at) AS "createdAt", max(updated_at) AS "updatedAt"
      FROM ${table} WHERE owner_id = $1 AND ${type}_id <> '' AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > now()) GROUP BY 2`;
    return this.database.query((sql) => `${['user', 'agent', 'app', 'run'].map((type) => of(type, sql.table('memories'))).join(' UNION ALL ')} ORDER BY 1, 2 LIMIT 1000`, [ownerId]);
  }
}
