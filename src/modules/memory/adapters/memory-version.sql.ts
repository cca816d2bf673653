import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';

/**
 * Tells everybody who holds a copy of these users' memories to read them anew (`v` is the row in RETURNING). The rows are locked in one
 * order, so that two who raise several never wait for each other.
 * @param where which rows of `memory_versions`
 */
export function raiseErased(sql: SchemaSql, where: string): string {
  const versions = sql.table('memory_versions');
  return `UPDATE ${versions} v SET version = v.version + 1, erased = v.version + 1
          FROM (SELECT owner_id, user_id FROM ${versions} WHERE ${where} ORDER BY owner_id, user_id FOR UPDATE) AS held
          WHERE v.owner_id = held.owner_id AND v.user_id = held.user_id`;
}
