import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import type { MemoryScope, MemoryView } from '../memory.types.js';

/** The newest ones are searched; older ones can be listed. */
export const mostSearched = 5_000;

export interface SearchableMemory extends MemoryView {
  terms: string[];
  /** Read apart: they are most of the bytes, and seldom change. */
  vector?: Float32Array;
}

/** What the search is made from. */
@Injectable()
export class MemoryIndexReader {
  constructor(private readonly database: TenantDatabase) {}

  /** 0 before the first memory. */
  async version(ownerId: string, userId: string): Promise<number> {
    const [row] = await this.database.query<{ version: number }>((sql) => `SELECT version FROM ${sql.table('memory_versions')} WHERE owner_id = $1 AND user_id = $2`, [ownerId, userId]);
    return row?.version ?? 0;
  }

  /** Newest first, those that have expired included: who keeps them looks at the clock. @param userId undefined: of all whom the owner serves */
  load({ ownerId, userId }: MemoryScope): Promise<SearchableMemory[]> {
    return this.database.query<SearchableMemory>(
      (sql) => `SELECT id, text, user_id AS "userId", agent_id AS "agentId", app_id AS "appId", run_id AS "runId", hash, metadata, created_at AS "createdAt",
                       updated_at AS "updatedAt", expires_at AS "expiresAt", terms
                FROM ${sql.table('memories')} WHERE owner_id = $1 AND deleted_at IS NULL ${userId === undefined ? '' : 'AND user_id = $2'} ORDER BY id DESC LIMIT ${mostSearched}`,
      userId === undefined ? [ownerId] : [ownerId, userId],
    );
  }

  /** By memory; those without a vector of the space are left out. */
  async vectors(ids: readonly string[], vectorSpace: string): Promise<Map<string, Float32Array>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ id: string; vector: Buffer }>((sql) => `SELECT id, vector FROM ${sql.table('memories')} WHERE id = ANY($1::uuid[]) AND vector_space = $2 AND vector IS NOT NULL`, [ids, vectorSpace]);
    return new Map(rows.map(({ id, vector }) => [id, floats(vector)]));
  }
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
