import type { EntityManager } from 'typeorm';
import { SchemaSql } from '../tenancy/schema-name.js';

/** A document whose chunks index replicas must (re)load, or forget; or (document 0) a switch of all vectors to another embedding. */
export interface IndexChange {
  documentKey: number;
  operation: 'put' | 'remove' | 'switch';
}

/**
 * Writes changes to the tenant's index log, in the transaction that makes them, and returns the `seq` of the last one.
 *
 * Numbers are taken under a lock that is held to the commit, so rows become visible in the order of `seq` and a follower that
 * asks for `seq > last` never misses one. The lock makes writers of one tenant wait for each other: call this last in the
 * transaction. Numbers of rolled back transactions are left out.
 *
 * @throws TypeError outside of a transaction, where the lock would be gone at once, or without changes
 */
export async function appendToIndexLog(manager: EntityManager, changes: readonly IndexChange[]): Promise<number> {
  if (!manager.queryRunner?.isTransactionActive) throw new TypeError('appendToIndexLog() belongs into a transaction');
  if (changes.length === 0) throw new TypeError('appendToIndexLog() needs at least one change');
  const schema = await lockIndexLog(manager);
  const rows: { seq: number }[] = await manager.query(
    `INSERT INTO ${new SchemaSql(schema).table('index_log')} (document_key, operation, created_at)
     SELECT document_key, operation, clock_timestamp()
     FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS change (document_key, operation, place)
     ORDER BY place
     RETURNING seq`,
    [changes.map((change) => change.documentKey), changes.map((change) => change.operation)],
  );
  return Math.max(...rows.map((row) => Number(row.seq)));
}

/** Holds all other writers of the tenant's index log back until the transaction ends. @returns the schema */
export async function lockIndexLog(manager: EntityManager): Promise<string> {
  const schema = schemaOfManager(manager);
  await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`index_log:${schema}`]);
  return schema;
}

/** The schema that the manager's metadata names: a manager of the control plane has no index log. */
function schemaOfManager(manager: EntityManager): string {
  const { schema } = manager.dataSource.options as { schema?: string };
  if (!schema?.startsWith('tenant_')) throw new TypeError('appendToIndexLog() needs the manager of a tenant');
  return schema;
}
