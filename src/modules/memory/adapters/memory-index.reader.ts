import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import type { MemoryScope, MemoryView } from '../memory.types.js';

/** The newest ones are searched; older ones can be listed. */
export const mostSearched = 5_000;
/** Rows of one query, with their vectors: the driver reads them within a few milliseconds. */
export const pageOfMemories = 50;
/** More changes than this are not worth being told apart. */
const mostChanges = 200;

export interface SearchableMemory extends MemoryView {
  terms: string[];
  /** Little-endian floats; null where there is none of the wanted space. */
  vector: Buffer | null;
}

export interface MemoryVersions {
  /** 0 before the first memory. */
  version: number;
  /** The version at which memories were last erased. */
  erased: number;
}

const columns = `id, text, user_id AS "userId", agent_id AS "agentId", app_id AS "appId", run_id AS "runId", hash, metadata, created_at AS "createdAt", updated_at AS "updatedAt", expires_at AS "expiresAt", terms, CASE WHEN vector_space = $1 THEN vector END AS vector`;

/** What the search is made from. */
@Injectable()
export class MemoryIndexReader {
  constructor(private readonly database: TenantDatabase) {}

  /** Of one user's memories, or (without a user) of all that the owner has: then any change of any of them raises it. */
  async versions(ownerId: string, userId: string | undefined): Promise<MemoryVersions> {
    const [row] = await this.database.query<MemoryVersions>(
      (sql) => `SELECT coalesce(sum(version), 0)::float8 AS version, coalesce(max(erased), 0)::float8 AS erased FROM ${sql.table('memory_versions')} WHERE owner_id = $1 ${userId === undefined ? '' : 'AND user_id = $2'}`,
      [ownerId, ...(userId === undefined ? [] : [userId])],
    );
    return row ?? { version: 0, erased: 0 };
  }

  /**
   * Newest first, fifty a page, those that have expired included: who keeps them looks at the clock.
   * @param before id of the last one of the page before
   */
  page({ ownerId, userId, agentId, appId, runId }: MemoryScope, vectorSpace: string, before: string | undefined): Promise<SearchableMemory[]> {
    const parameters: unknown[] = [vectorSpace];
    const given = Object.entries({ 'owner_id =': ownerId, 'user_id =': userId, 'agent_id =': agentId, 'app_id =': appId, 'run_id =': runId, 'id <': before }).filter(([, value]) => value !== undefined);
    const where = given.map(([comparison, value]) => `${comparison} $${parameters.push(value)}`).join(' AND ');
    return this.database.query<SearchableMemory>((sql) => `SELECT ${columns} FROM ${sql.table('memories')} WHERE ${where} AND deleted_at IS NULL ORDER BY id DESC LIMIT ${pageOfMemories}`, parameters);
  }

  /** What has changed after a version, forgotten ones too; undefined when that is too much to be read at once. */
  async changes(ownerId: string, userId: string, vectorSpace: string, after: number): Promise<(SearchableMemory & { gone: boolean })[] | undefined> {
    const rows = await this.database.query<SearchableMemory & { gone: boolean }>(
      (sql) => `SELECT ${columns}, deleted_at IS NOT NULL AS gone FROM ${sql.table('memories')} WHERE owner_id = $2 AND user_id = $3 AND version > $4 ORDER BY id LIMIT ${mostChanges + 1}`,
      [vectorSpace, ownerId, userId, after],
    );
    return rows.length > mostChanges ? undefined : rows;
  }
}
